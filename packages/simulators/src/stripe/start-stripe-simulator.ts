import { createRequestCounter, type RequestCounts } from '../common/count-requests.ts';
import { createFaultSwitches } from '../common/fault-switches.ts';
import { serve } from '../common/serve.ts';
import { type AccountAdvance, advanceAccount } from './advance/advance-account.ts';
import { advanceByItself, type SelfAdvance } from './advance/advance-by-itself.ts';
import { type Bank, createBank } from './control/bank.ts';
import { createApp, knownEndpoints } from './create-app.ts';
import type { FaultSwitches } from './faults/fault-switches.ts';
import { Faults } from './faults/faults.ts';
import { readObjects, type StoredObjects } from './read-objects.ts';
import type { SimulatorEvent } from './simulator-event.ts';
import { openState } from './state/open-state.ts';
import { deliverWebhooks } from './webhooks/deliver-webhooks.ts';

const eventLifeSeconds = 30 * 24 * 60 * 60;

export interface StripeSimulatorOptions {
  /** Begins with `sk_test_`. */
  secretKey: string;
  now: () => Date;
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default 127.0.0.1. */
  host?: string;
  /** Events are signed when it is set. */
  webhookSecret?: string;
  /** Where events are posted; without it nothing is. */
  webhookUrl?: string;
  /** A file that keeps the state over restarts; in memory by default. */
  statePath?: string;
  /** From a change to the first posting of its events; 100 by default. */
  webhookDelayMs?: number;
  /** How long a webhook may take to answer; 5,000 by default. */
  webhookTimeoutMs?: number;
  /** Factor on the waits between webhook attempts, which grow from 5 s to 36 h; 1 by default. */
  retryScale?: number;
  /** Renew, finalize and collect when the clock says so; false by default, so that tests decide. */
  advancesByItself?: boolean;
  onEvent?: (event: SimulatorEvent) => void;
}

export interface StripeSimulator extends AccountAdvance, Bank {
  /** Scheme, host and port to point the SDK at. */
  baseUrl: string;
  pageUrl: string;
  faults: FaultSwitches;
  objects: StoredObjects;
  /** Posts every pending event now, retries included; resolves when all were answered or given up. */
  flushWebhooks(): Promise<void>;
  /** Posts events to another address from now on; with undefined they are not posted. */
  setWebhookUrl(url: string | undefined): void;
  /** Returns how often each endpoint was called since the start or reset, by answer. */
  requests(): RequestCounts;
  /** Forgets all objects, events, idempotency keys, faults and counts. */
  reset(): void;
  /** Stops; events that were not answered stay in the state file for the next start. */
  close(): Promise<void>;
}

/** Starts a stand-in for Stripe on one port. Rejects when the port is taken or the state cannot be opened. */
export async function startStripeSimulator(options: StripeSimulatorOptions): Promise<StripeSimulator> {
  const { secretKey, now, host = '127.0.0.1', port = 0, onEvent = () => {} } = options;
  const state = openState(options.statePath ?? ':memory:');
  const forgetBefore = Math.floor(now().getTime() / 1000) - eventLifeSeconds;
  state.objects.forgetBefore('event', forgetBefore);
  state.objects.forgetBefore('v2.core.event', forgetBefore);
  const counter = createRequestCounter(knownEndpoints);
  const faults = createFaultSwitches(Faults, {
    read: () => state.settings.read('faults'),
    write: (value) => state.settings.write('faults', value),
  });
  let webhookUrl = options.webhookUrl;
  let origin = '';
  let selfAdvance: SelfAdvance | undefined;
  const delivery = deliverWebhooks({
    state,
    now,
    onEvent,
    url: () => webhookUrl,
    webhookSecret: options.webhookSecret,
    timeoutMs: options.webhookTimeoutMs ?? 5_000,
    retryScale: options.retryScale ?? 1,
  });
  const account = {
    state,
    faults,
    now,
    origin: () => origin,
    isPosting: () => webhookUrl !== undefined,
    webhookDelayMs: options.webhookDelayMs ?? 100,
    wake: (at: number) => {
      delivery.wake(at);
      selfAdvance?.look();
    },
  };
  const advance = advanceAccount(account);
  const bank = createBank(account);
  const onError = (error: unknown) => onEvent({ msg: 'internal error', error: String(error) });
  const reset = () => {
    state.reset();
    faults.clear();
    counter.clear();
  };
  const app = createApp({
    ...account,
    secretKey,
    counter,
    advance,
    bank,
    onEvent,
    reset,
    requests: counter.counts,
    flushWebhooks: delivery.flush,
  });
  const site = await serve(app, { host, port }).catch((error: unknown) => {
    state.close();
    throw error;
  });
  origin = site.origin;
  delivery.wake(now().getTime());
  if (options.advancesByItself) {
    selfAdvance = advanceByItself({ objects: state.objects, now, advanceDue: advance.advanceDue, onError });
  }
  return {
    ...advance,
    ...bank,
    baseUrl: site.origin,
    pageUrl: `${site.origin}/`,
    faults,
    objects: readObjects(state.objects),
    flushWebhooks: delivery.flush,
    setWebhookUrl: (url) => {
      webhookUrl = url;
      delivery.wake(now().getTime());
    },
    requests: counter.counts,
    reset,
    close: async () => {
      await site.close();
      selfAdvance?.stop();
      await delivery.stop();
      state.close();
    },
  };
}
