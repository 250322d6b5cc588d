import type { WebhookFaults } from '../faults/faults.ts';

/** One posting of an event to come. */
export interface PlannedDelivery {
  eventId: string;
  /** Milliseconds since 1970. */
  dueAt: number;
  lost: boolean;
}

/** Returns the postings of the events of one call, in the order in which they are due. */
export function planDeliveries(eventIds: string[], faults: WebhookFaults, dueAt: number): PlannedDelivery[] {
  const ordered = faults.reverse ? eventIds.toReversed() : eventIds;
  const lost = new Set(eventIds.slice(0, faults.lose ?? 0));
  return ordered.flatMap((eventId) => {
    const delivery = { eventId, dueAt: dueAt + (faults.delayMs ?? 0), lost: lost.has(eventId) };
    return faults.double && !delivery.lost ? [delivery, delivery] : [delivery];
  });
}
