import type { StripePush } from '../generated/prisma/client.ts';
import { collectInvoice } from '../queues/catalog.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { InvoiceStateError } from './invoice-states.ts';
import { type LockedInvoice, lockInvoice } from './invoices.ts';

export type Voiding = {
  invoiceId: string;
  /** An operator's e-mail, or "tollgate". */
  by: string;
  reason: string;
};

/**
 * Takes an invoice back as if it had never asked for anything: it keeps its number and its lines, its
 * roll-ups go on the next invoice, and the sections on it wait for the payer's next one. What was pushed
 * for it, and is returned, is taken back at Stripe by the collector, which a job and the sweep wake.
 * Throws InvoiceStateError for one that was paid, even in part, credited, or is on a payer's invoice;
 * again means already done.
 */
export async function voidInvoice(
  tx: Transaction,
  { invoiceId, by, reason }: Voiding,
  at: Date,
): Promise<StripePush[]> {
  const { db } = tx;
  const invoice = await lockInvoice(db, invoiceId);
  if (!invoice) throw new InvoiceStateError(`there is no invoice ${invoiceId}`);
  const pushes = await db.stripePush.findMany({
    where: { invoiceId },
    orderBy: [{ kind: 'asc' }, { part: 'asc' }],
  });
  if (invoice.state === 'void') return pushes;
  refuseUnlessUntouched(invoice);
  const isAtStripe = pushes.some(({ kind }) => kind !== 'sippy_debit');
  await db.invoice.update({
    where: { id: invoiceId },
    data: {
      state: 'void',
      voidedAt: at,
      voidedBy: by,
      voidReason: reason,
      wakeAt: isAtStripe ? at : null,
      wakeCount: 0,
    },
  });
  await db.usageRollup.updateMany({ where: { invoiceId }, data: { invoiceId: null, isReleased: true } });
  await db.invoice.updateMany({ where: { payerInvoiceId: invoiceId }, data: { payerInvoiceId: null } });
  if (isAtStripe) tx.enqueue(collectInvoice, { invoiceId });
  return pushes;
}

function refuseUnlessUntouched(invoice: LockedInvoice): void {
  const refuse = (why: string) => {
    throw new InvoiceStateError(`invoice ${invoice.id} cannot be voided: ${why}`);
  };
  if (invoice.kind !== 'usage') refuse(`it is a ${invoice.kind.replace('_', ' ')}`);
  if (invoice.state === 'paid' || invoice.state === 'disputed' || invoice.paymentCount > 0)
    refuse('it was paid; a credit note takes back what was paid');
  if (invoice.paidMinor !== 0n) refuse('part of it was paid');
  if (invoice.creditedMinor > 0n) refuse('a credit note took part of it back');
  if (invoice.payerInvoiceId !== null) refuse('it is a section of its payer’s invoice');
}
