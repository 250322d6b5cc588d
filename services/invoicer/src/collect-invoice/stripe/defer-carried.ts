import { closeOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { deferredAgain } from './pushes.ts';
import { STOPPED_PUSH_ALERT } from './stop-push.ts';

/**
 * What other invoices had put on a draft that is gone waits for their customer's next one again, also
 * where we heard first that it is gone and had stopped it.
 */
export async function deferCarried(
  db: Db,
  { draftId, invoiceId }: { draftId: string; invoiceId: string },
  now: Date,
): Promise<void> {
  const carried = await db.stripePush.findMany({
    where: {
      kind: 'draft_item',
      params: { path: ['invoice'], equals: draftId },
      invoiceId: { not: invoiceId },
      state: { in: ['sent', 'confirmed', 'needs_human'] },
    },
    select: { id: true },
  });
  for (const { id } of carried) {
    await db.stripePush.update({ where: { id }, data: deferredAgain });
    await closeOperatorAlert(db, { kind: STOPPED_PUSH_ALERT, subject: id }, now, 'tollgate');
  }
}
