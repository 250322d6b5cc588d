import { takeDueEvents } from '@tollgate/shared/inbox/inbox.ts';
import { applyDeliveryReports, CHUNK_SIZE } from '@tollgate/shared/queues/catalog.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';

const ROWS_PER_SWEEP = 1_000;

/** Wakes stored webhooks whose job was lost. */
export async function sweepInbox(tx: Transaction, now: Date): Promise<number> {
  const ids = await takeDueEvents(tx.db, 'sms-manager', now, ROWS_PER_SWEEP);
  for (let start = 0; start < ids.length; start += CHUNK_SIZE) {
    tx.enqueue(applyDeliveryReports, { inboxIds: ids.slice(start, start + CHUNK_SIZE) });
  }
  return ids.length;
}
