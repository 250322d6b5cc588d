import type { NewEntry, PaymentMethod } from '../credit/ledger.ts';
import type { Db } from '../runtime/database.ts';
import { bookEntries } from './book-entries.ts';
import { paymentReference } from './invoice-references.ts';
import { payableStates } from './invoice-states.ts';
import { type LockedInvoice, lockInvoice, lockSections } from './invoices.ts';

export { paymentReference } from './invoice-references.ts';

export type InvoiceSettlement = {
  invoiceId: string;
  paidAt: Date;
  method: PaymentMethod;
  /** For the ledger entry, such as "Stripe invoice A-1". */
  description: string;
  /** An operator's e-mail, "stripe" or "tollgate". */
  createdBy: string;
  /** Stripe's own invoice, where it was that which was paid. */
  stripe?: { invoiceId: string; number: string | null; url: string | null };
};

type Settled = Pick<
  LockedInvoice,
  'id' | 'tenantId' | 'currency' | 'settlesMicros' | 'creditedMicros' | 'paymentCount'
>;

/**
 * Marks an invoice as paid, with the sections on it, and gives each account exactly what its part
 * settles and no credit note took back, never the rounded or gross amount. Once per payment: again
 * means already done, until a dispute or refund opens it again. Returns whether this call did it; it
 * does nothing to what is not issued or void, asks for nothing, or is paid with its payer's invoice.
 */
export async function settleInvoice(db: Db, settlement: InvoiceSettlement): Promise<boolean> {
  const { invoiceId, paidAt, stripe } = settlement;
  const invoice = await lockInvoice(db, invoiceId);
  if (!invoice || !isPayable(invoice)) return false;
  const sections = await lockSections(db, invoiceId);
  for (const part of [invoice, ...sections]) {
    const toPayMinor = part.grossMinor - part.creditedMinor;
    await db.invoice.update({
      where: { id: part.id },
      data: {
        state: 'paid',
        paidAt,
        paidMinor: part.paidMinor > toPayMinor ? part.paidMinor : toPayMinor,
        paymentCount: { increment: 1 },
        wakeAt: null,
        ...(stripe &&
          part === invoice && {
            stripeInvoiceId: stripe.invoiceId,
            stripeInvoiceNumber: stripe.number,
            stripeInvoiceUrl: stripe.url,
          }),
      },
    });
  }
  const given = [invoice, ...sections].filter((part) => part.settlesMicros > part.creditedMicros);
  await bookEntries(
    db,
    given.map((part) => paymentEntry(part, settlement)),
    paidAt,
  );
  return true;
}

function isPayable({ kind, document, state }: LockedInvoice): boolean {
  const asksForMoney = kind !== 'credit_note' && (document === 'ours' || document === 'stripe');
  return asksForMoney && payableStates.some((each) => each === state);
}

function paymentEntry(part: Settled, { method, description, createdBy }: InvoiceSettlement): NewEntry {
  const { id, tenantId, currency, settlesMicros, creditedMicros, paymentCount } = part;
  return {
    tenantId,
    currency,
    kind: 'invoice_payment',
    amountMicros: settlesMicros - creditedMicros,
    messageId: null,
    reference: paymentReference(id, paymentCount + 1),
    description,
    createdBy,
    paymentMethod: method,
  };
}

/** Notes that what was asked could not be collected; a paid invoice stays paid. Returns whether this call did it. */
export async function markPaymentFailed(db: Db, invoiceId: string): Promise<boolean> {
  const { count } = await db.invoice.updateMany({
    where: { id: invoiceId, state: 'issued', document: { not: 'section' } },
    data: { state: 'payment_failed' },
  });
  return count > 0;
}
