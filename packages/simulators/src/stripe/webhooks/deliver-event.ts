import { notificationOf } from '../events/thin-event.ts';
import type { SimulatorEvent } from '../simulator-event.ts';
import type { PendingDelivery } from '../state/delivery-table.ts';
import type { State } from '../state/open-state.ts';
import { type PostEventDeps, postEvent } from './post-event.ts';
import { retryDelayMs } from './retry-delay.ts';

export interface DeliverEventDeps extends PostEventDeps {
  state: Pick<State, 'objects' | 'deliveries' | 'transaction'>;
  /** Factor on the waits between attempts, for tests. */
  retryScale: number;
  onEvent: (event: SimulatorEvent) => void;
}

/** Posts an event once and records what came of it: answered, due again later, or given up. */
export async function deliverEvent(
  deps: DeliverEventDeps,
  url: string,
  delivery: PendingDelivery,
): Promise<void> {
  const { objects, deliveries, transaction } = deps.state;
  const event = objects.find('event', delivery.eventId);
  const thin = event === undefined ? objects.find('v2.core.event', delivery.eventId) : undefined;
  const told = event ?? thin;
  if (told === undefined) {
    deliveries.dropped(delivery.seq, 'forgotten');
    return;
  }
  const { answered, answer } = await postEvent(
    deps,
    url,
    JSON.stringify(thin === undefined ? event : notificationOf(thin)),
  );
  // A post broken off by the stop says nothing about the receiver; the row stays due for the next start.
  if (deps.stopping.aborted) return;
  const attempt = delivery.attempts + 1;
  const posted = { eventId: told.id, type: told.type, attempt, answer };
  if (answered) {
    transaction(() => {
      deliveries.answered(delivery.seq, answer);
      if (event !== undefined) objects.save('event', { ...event, pending_webhooks: 0 });
    });
    deps.onEvent({ msg: 'webhook answered', ...posted });
    return;
  }
  const delayMs = retryDelayMs(attempt, deps.retryScale);
  if (delayMs === null) {
    deliveries.dropped(delivery.seq, answer);
    deps.onEvent({ msg: 'webhook dropped', ...posted });
    return;
  }
  deliveries.postponed(delivery.seq, answer, Math.max(deps.now().getTime(), delivery.dueAt) + delayMs);
  deps.onEvent({ msg: 'webhook failed', ...posted });
}
