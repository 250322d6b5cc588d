import { createRequestCounter, type RequestCounts } from '../common/count-requests.ts';
import { createFaultSwitches } from '../common/fault-switches.ts';
import { serve } from '../common/serve.ts';
import { deliverCallbacks } from './callbacks/deliver-callbacks.ts';
import { createApp } from './create-app.ts';
import type { FaultSwitches } from './faults/fault-switches.ts';
import { Faults } from './faults/faults.ts';
import type { ReceivedMessage } from './messages/twilio-message.ts';
import { type Inbound, receiveInbound } from './receive-inbound.ts';
import { openState } from './state/open-state.ts';
import type { TwilioEvent } from './twilio-event.ts';

const retentionMs = 30 * 24 * 60 * 60 * 1000;
const receivedMax = 100_000;
const shownMax = 100;

const knownEndpoints: ReadonlySet<string> = new Set([
  'POST Messages.json',
  'GET Messages.json',
  'GET Messages/:sid.json',
  'GET Account',
]);

export interface TwilioSimulatorOptions {
  accountSid: string;
  authToken: string;
  now: () => Date;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Where inbound messages are posted; nowhere by default. */
  inboundUrl?: string;
  /** A file that keeps the state over restarts; in memory by default. */
  statePath?: string;
  /** From acceptance to sent and to delivered; 150 and 400 by default. */
  delaysMs?: { sent: number; delivered: number };
  /** From the end of a message until its price is known; 60,000 by default. */
  pricedAfterMs?: number;
  /** How long a callback may take to answer; 15,000 by default. */
  callbackTimeoutMs?: number;
  onEvent?: (event: TwilioEvent) => void;
}

export interface TwilioSimulator {
  /** What stands for https://api.twilio.com; its page is at the root. */
  baseUrl: string;
  pageUrl: string;
  faults: FaultSwitches;
  /** Returns the messages taken over, oldest first, at most the first 100,000. */
  received(): ReceivedMessage[];
  /** Returns how often each endpoint was called since the start or reset, by answer. */
  requests(): RequestCounts;
  /** Somebody writes to the account; posted with the next callbacks. Throws ZodError for a malformed one. */
  receive(inbound: Inbound): void;
  /** Moves messages to their end and posts every pending callback now; resolves when all were answered or given up. */
  flushCallbacks(): Promise<void>;
  /** Forgets messages, callbacks, opt-outs, faults and counts. */
  reset(): void;
  /** Stops; callbacks that were not answered stay in the state file for the next start. */
  close(): Promise<void>;
}

/** Starts a stand-in for one Twilio account. Rejects when the port is taken or the state cannot be opened. */
export async function startTwilioSimulator(options: TwilioSimulatorOptions): Promise<TwilioSimulator> {
  const { accountSid, authToken, now, inboundUrl, onEvent = () => {} } = options;
  const delaysMs = options.delaysMs ?? { sent: 150, delivered: 400 };
  const state = openState(options.statePath ?? ':memory:');
  state.forgetBefore(new Date(now().getTime() - retentionMs));
  const counter = createRequestCounter(knownEndpoints);
  const faults = createFaultSwitches(Faults, {
    read: () => state.settings.read('faults'),
    write: (value) => state.settings.write('faults', value),
  });
  const delivery = deliverCallbacks({
    state,
    faults,
    now,
    accountSid,
    authToken,
    onEvent,
    endsAfterMs: Math.max(delaysMs.delivered - delaysMs.sent, 0),
    timeoutMs: options.callbackTimeoutMs ?? 15_000,
  });
  const received = () => state.messages.all(receivedMax).map(state.describe);
  const receive = (inbound: Inbound) => {
    receiveInbound({ state, accountSid, now, inboundUrl }, inbound);
    delivery.wake(now().getTime());
  };
  const reset = () => {
    state.reset();
    faults.clear();
    counter.clear();
  };
  const app = createApp({
    accountSid,
    authToken,
    state,
    faults,
    counter,
    now,
    onEvent,
    pricedAfterMs: options.pricedAfterMs ?? 60_000,
    sentAfterMs: delaysMs.sent,
    wake: delivery.wake,
    newest: () => state.messages.newest(shownMax).map(state.describe),
    received,
    requests: counter.counts,
    receive,
    flush: delivery.flush,
    reset,
  });
  const address = { host: options.host ?? '127.0.0.1', port: options.port ?? 0 };
  const site = await serve(app, address).catch((error: unknown) => {
    state.close();
    throw error;
  });
  delivery.wake(now().getTime());
  return {
    baseUrl: site.origin,
    pageUrl: `${site.origin}/`,
    faults,
    received,
    requests: counter.counts,
    receive,
    flushCallbacks: delivery.flush,
    reset,
    close: async () => {
      await site.close();
      await delivery.stop();
      state.close();
    },
  };
}
