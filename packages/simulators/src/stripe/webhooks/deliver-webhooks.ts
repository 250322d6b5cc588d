import { createAlarm } from '../../common/alarm.ts';
import type { PendingDelivery } from '../state/delivery-table.ts';
import { type DeliverEventDeps, deliverEvent } from './deliver-event.ts';

const inFlightMax = 16;

export interface DeliverWebhooksDeps extends Omit<DeliverEventDeps, 'stopping'> {
  /** Where events are posted now; without an address they wait. */
  url: () => string | undefined;
}

export interface WebhookDelivery {
  /** Makes sure that work due at the instant (milliseconds since 1970) is looked for then. */
  wake(at: number): void;
  /** Posts everything that waits without waiting, one after another, retries included; resolves when nothing is left. */
  flush(): Promise<void>;
  /** Breaks off posts in flight; they stay due for the next start. */
  stop(): Promise<void>;
}

/** Starts posting events, each when its due row says so. */
export function deliverWebhooks(deps: DeliverWebhooksDeps): WebhookDelivery {
  const { now } = deps;
  const { deliveries } = deps.state;
  const stop = new AbortController();
  const alarm = createAlarm(now, pump);
  const inFlight = new Map<number, Promise<void>>();
  let flushes = 0;
  let flushing: Promise<void> = Promise.resolve();

  function pump(): void {
    const url = deps.url();
    if (stop.signal.aborted || flushes > 0 || url === undefined) return;
    const due = deliveries.due(now().getTime(), inFlightMax + inFlight.size);
    for (const delivery of due.filter(({ seq }) => !inFlight.has(seq))) {
      if (inFlight.size < inFlightMax) void launch(url, delivery);
    }
    setAlarm();
  }

  // With all places taken the next finished post looks again, so an alarm would only spin.
  function setAlarm(): void {
    alarm.clear();
    const next = deliveries.pending(inFlight.size + 1).find(({ seq }) => !inFlight.has(seq));
    if (next !== undefined && inFlight.size < inFlightMax) alarm.set(next.dueAt);
  }

  function launch(url: string, delivery: PendingDelivery): Promise<void> {
    const settled = deliverEvent({ ...deps, stopping: stop.signal }, url, delivery).finally(() => {
      inFlight.delete(delivery.seq);
      if (inFlight.size <= inFlightMax / 2) pump();
    });
    inFlight.set(delivery.seq, settled);
    return settled;
  }

  async function flushOnce(): Promise<void> {
    while (!stop.signal.aborted) {
      await Promise.all(inFlight.values());
      const url = deps.url();
      const [next] = deliveries.pending(1);
      if (next === undefined || url === undefined) return;
      await launch(url, next);
    }
  }

  return {
    wake: alarm.set,
    flush: () => {
      flushes += 1;
      flushing = flushing.then(flushOnce).finally(() => {
        flushes -= 1;
        pump();
      });
      return flushing;
    },
    stop: async () => {
      stop.abort();
      alarm.clear();
      await Promise.allSettled([...inFlight.values(), flushing]);
    },
  };
}
