import { settleInvoice } from '@tollgate/shared/billing/settle-invoice.ts';
import { liftDunning } from '@tollgate/shared/dunning/lift-dunning.ts';
import { inTransaction, type Transaction } from '@tollgate/shared/runtime/transaction.ts';
import type Stripe from 'stripe';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { tellOfPayment } from './tell-of-payment.ts';

/** Marks one of our invoices as paid by a Stripe invoice, once. What a dispute took back only its end settles again. */
export function settle(deps: ApplyEventDeps, invoiceId: string, invoice: Stripe.Invoice): Promise<boolean> {
  return inTransaction(deps, async (tx) => {
    if (await isDisputed(tx, invoiceId)) return false;
    const changed = await settleWith(tx, invoiceId, invoice, deps.clock.now());
    if (changed) deps.logger.info({ invoiceId, stripeInvoiceId: invoice.id }, 'invoice paid');
    return changed;
  });
}

/** Settles in the caller's transaction and tells the tenant; returns whether this call did it. */
export async function settleWith(
  tx: Transaction,
  invoiceId: string,
  invoice: Stripe.Invoice,
  now: Date,
): Promise<boolean> {
  const paidAt = invoice.status_transitions.paid_at;
  const changed = await settleInvoice(tx.db, {
    invoiceId,
    paidAt: paidAt === null ? now : new Date(paidAt * 1_000),
    method: 'stripe',
    description: `Stripe invoice ${invoice.number ?? invoice.id}`,
    createdBy: 'stripe',
    stripe: { invoiceId: invoice.id, number: invoice.number, url: invoice.hosted_invoice_url ?? null },
  });
  if (!changed) return false;
  const { tenantId } = await tx.db.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
  await tellOfPayment(tx, invoiceId, invoice, now);
  await liftDunning(tx, tenantId, now);
  return true;
}

async function isDisputed({ db }: Transaction, invoiceId: string): Promise<boolean> {
  const [row] = await db.$queryRaw<{ state: string }[]>`
    SELECT state FROM invoices WHERE id = ${invoiceId}::uuid FOR UPDATE`;
  return row?.state === 'disputed';
}
