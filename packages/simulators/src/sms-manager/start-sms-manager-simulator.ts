import { randomUUID } from 'node:crypto';
import { createRequestCounter, type RequestCounts } from '../common/count-requests.ts';
import { createFaultSwitches } from '../common/fault-switches.ts';
import { serve } from '../common/serve.ts';
import { createApp, knownEndpoints } from './create-app.ts';
import type { FaultSwitches } from './faults/fault-switches.ts';
import { Faults } from './faults/faults.ts';
import type { ReceivedMessage } from './messages/received-message.ts';
import { deliverWebhooks } from './reports/deliver-webhooks.ts';
import type { SimulatorEvent } from './simulator-event.ts';
import { openState } from './state/open-state.ts';
import { readMessages } from './state/read-messages.ts';
import { takeMessages } from './take-messages.ts';

const retentionMs = 30 * 24 * 60 * 60 * 1000;
const receivedMax = 100_000;
const shownMax = 100;

export interface SmsManagerSimulatorOptions {
  apiKey: string;
  now: () => Date;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Reports are signed when it is set. */
  callbackSecret?: string;
  /** A file that keeps the state over restarts; in memory by default. */
  statePath?: string;
  /** From acceptance to sent and to delivered; 150 and 400 by default. */
  reportDelaysMs?: { sent: number; delivered: number };
  /** How long a webhook may take to answer; 5,000 by default. */
  webhookTimeoutMs?: number;
  /** Factor on the waits of 30, 60, 120 and 240 s between webhook attempts; 1 by default. */
  retryScale?: number;
  /** Move messages on and post reports when the clock says so; true by default. Otherwise `advance` does it. */
  advancesByItself?: boolean;
  onEvent?: (event: SimulatorEvent) => void;
}

export interface SmsManagerSimulator {
  /** Base URL of JSON API v2. */
  baseUrl: string;
  /** Base URL of REST API v1. */
  restUrl: string;
  pageUrl: string;
  faults: FaultSwitches;
  /** Returns the messages taken over, oldest first, at most the first 100,000. */
  received(): ReceivedMessage[];
  /** Returns how often each endpoint was called since the start or reset, by answer. */
  requests(): RequestCounts;
  /** Moves messages on and posts reports that are due by the clock, one after another; resolves when all were tried. */
  advance(): Promise<void>;
  /** Posts every pending report now, retries included; resolves when all were answered or given up. */
  flushReports(): Promise<void>;
  /** Forgets messages, reports, contact lists, faults and counts. */
  reset(): void;
  /** Stops; reports that were not answered stay in the state file for the next start. */
  close(): Promise<void>;
}

/** Starts a stand-in for SMS Manager on one port. Rejects when the port is taken or the state cannot be opened. */
export async function startSmsManagerSimulator(
  options: SmsManagerSimulatorOptions,
): Promise<SmsManagerSimulator> {
  const { apiKey, now, host = '127.0.0.1', port = 0, onEvent = () => {} } = options;
  const delaysMs = options.reportDelaysMs ?? { sent: 150, delivered: 400 };
  const newId = randomUUID;
  const state = openState(options.statePath ?? ':memory:');
  state.forgetBefore(new Date(now().getTime() - retentionMs));
  const counter = createRequestCounter(knownEndpoints);
  const faults = createFaultSwitches(Faults, {
    read: () => state.settings.read('faults'),
    write: (value) => state.settings.write('faults', value),
  });
  const delivery = deliverWebhooks({
    state,
    faults,
    now,
    newId,
    onEvent,
    endsAfterMs: Math.max(delaysMs.delivered - delaysMs.sent, 0),
    callbackSecret: options.callbackSecret,
    timeoutMs: options.webhookTimeoutMs ?? 5_000,
    retryScale: options.retryScale ?? 1,
    byItself: options.advancesByItself ?? true,
  });
  const reset = () => {
    state.reset();
    faults.clear();
    counter.clear();
  };
  const app = createApp({
    apiKey,
    faults,
    counter,
    state,
    now,
    newId,
    onEvent,
    reset,
    take: (submissions) => {
      delivery.wake(takeMessages(state, submissions, delaysMs.sent));
    },
    list: (after, limit) => readMessages(state, state.messages.after(after, limit)),
    newest: () => readMessages(state, state.messages.newest(shownMax)).messages,
    requests: counter.counts,
    flushReports: delivery.flush,
  });
  const site = await serve(app, { host, port }).catch((error: unknown) => {
    state.close();
    throw error;
  });
  delivery.wake(now().getTime());
  return {
    baseUrl: `${site.origin}/v2`,
    restUrl: `${site.origin}/v1`,
    pageUrl: `${site.origin}/`,
    faults,
    received: () => readMessages(state, state.messages.after(0, receivedMax)).messages,
    requests: counter.counts,
    advance: delivery.advance,
    flushReports: delivery.flush,
    reset,
    close: async () => {
      await site.close();
      await delivery.stop();
      state.close();
    },
  };
}
