import { takeDueNotifications } from '@tollgate/shared/notifications/due-notifications.ts';
import { sendNotification } from '@tollgate/shared/queues/catalog.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';

const ROWS_PER_SWEEP = 500;

/** Wakes mails that no job will wake: lost jobs, attempts that never ended, retries that are due. */
export async function sweepNotifications(tx: Transaction, now: Date): Promise<number> {
  const ids = await takeDueNotifications(tx.db, now, ROWS_PER_SWEEP);
  for (const notificationId of ids) tx.enqueue(sendNotification, { notificationId });
  return ids.length;
}
