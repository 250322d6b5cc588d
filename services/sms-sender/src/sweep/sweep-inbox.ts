import { takeDueEvents } from '@tollgate/shared/inbox/inbox.ts';
import { applyDeliveryReports } from '@tollgate/shared/queues/catalog.ts';
import { chunk } from '@tollgate/shared/queues/chunk.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';
import { reportSources } from '../delivery-reports/read-webhook.ts';

export const EVENTS_PER_SWEEP = 1_000;

/** Wakes stored webhooks whose job was lost. */
export async function sweepInbox(tx: Transaction, now: Date): Promise<number> {
  let taken = 0;
  for (const source of reportSources) {
    const ids = await takeDueEvents(tx.db, source, now, EVENTS_PER_SWEEP - taken);
    for (const inboxIds of chunk(ids)) tx.enqueue(applyDeliveryReports, { inboxIds });
    taken += ids.length;
  }
  return taken;
}
