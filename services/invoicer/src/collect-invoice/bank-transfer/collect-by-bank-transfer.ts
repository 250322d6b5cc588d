import { documentOf } from '@tollgate/documents/document-of.ts';
import { notifyTenant } from '@tollgate/shared/notifications/notify-tenant.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';

/**
 * Asks for an invoice by mail: keeps its PDF, which says where to pay, and tells the tenant, once. From
 * then on it waits for money, of which an operator or the bank tells us, and for reminders.
 */
export async function collectByBankTransfer(
  deps: TransactionDeps & { clock: Clock },
  invoiceId: string,
): Promise<void> {
  const document = await documentOf(deps, invoiceId, 'document');
  await inTransaction(deps, async (tx) => {
    const now = deps.clock.now();
    const { state, tenantId } = await tx.db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
    if (document !== null && state === 'issued') {
      const content = { invoiceId };
      await notifyTenant(tx, { tenantId, kind: 'invoice_issued', subjectId: invoiceId, content }, now);
    }
    await tx.db.invoice.update({ where: { id: invoiceId }, data: { wakeAt: null, wakeCount: 0 } });
  });
}
