import { changeAccounts, lockAccounts } from '../credit/accounts.ts';
import { appendEntries, chainEntries } from '../credit/ledger.ts';
import type { Db } from '../runtime/database.ts';

export type InvoicePayment = {
  invoiceId: string;
  stripeInvoiceId: string;
  stripeInvoiceNumber: string | null;
  stripeInvoiceUrl: string | null;
  paidAt: Date;
};

/** Reference of the one ledger entry that a payment of the invoice makes. */
export function paymentReference(invoiceId: string): string {
  return `invoice ${invoiceId}`;
}

/**
 * Marks an invoice as paid and gives the account back exactly what the invoice settles, never the
 * rounded or gross amount. Again means already done. Returns whether this call did it.
 */
export async function settleInvoice(db: Db, { invoiceId, ...payment }: InvoicePayment): Promise<boolean> {
  const moved = await db.invoice.updateManyAndReturn({
    where: { id: invoiceId, state: { in: ['issued', 'payment_failed'] } },
    data: { state: 'paid', wakeAt: null, ...payment },
  });
  const invoice = moved[0];
  if (!invoice) return false;
  const { tenantId, currency, settlesMicros } = invoice;
  const accounts = await lockAccounts(db, [{ tenantId, currency }]);
  const entries = chainEntries(accounts, [
    {
      tenantId,
      currency,
      kind: 'invoice_payment',
      amountMicros: settlesMicros,
      messageId: null,
      reference: paymentReference(invoiceId),
      description: `Stripe invoice ${payment.stripeInvoiceNumber ?? payment.stripeInvoiceId}`,
      createdBy: 'stripe',
    },
  ]);
  await appendEntries(db, entries, payment.paidAt);
  await changeAccounts(db, [
    { tenantId, currency, balanceMicros: settlesMicros, reservedMicros: 0n, entryCount: 1n },
  ]);
  return true;
}

/** Notes that Stripe could not collect; a paid invoice stays paid. Returns whether this call did it. */
export async function markPaymentFailed(db: Db, invoiceId: string): Promise<boolean> {
  const { count } = await db.invoice.updateMany({
    where: { id: invoiceId, state: 'issued' },
    data: { state: 'payment_failed' },
  });
  return count > 0;
}
