import type { NewEntry, PaymentMethod } from '../credit/ledger.ts';
import type { LedgerEntry } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import { bookEntries } from './book-entries.ts';
import { paymentReference, reopeningReference } from './invoice-references.ts';
import { type LockedInvoice, lockInvoice, lockSections } from './invoices.ts';

export type Reopening = {
  invoiceId: string;
  /** Also the kind of the ledger entry. */
  kind: 'dispute' | 'purchase_refund';
  /** Id of the dispute or refund: the same one reopens an invoice once. */
  reference: string;
  at: Date;
  description: string;
};

/**
 * Opens a paid invoice whose money was taken back: it is unpaid again (`disputed`), with the sections
 * on it, and each account loses exactly what the payment gave it. Again means already done, even after
 * the invoice was paid another time. The document of a top-up is credited instead: it asks for nothing.
 * Returns whether this call did it.
 */
export async function reopenInvoice(db: Db, reopening: Reopening): Promise<boolean> {
  const { invoiceId, reference, at } = reopening;
  const invoice = await lockInvoice(db, invoiceId);
  if (invoice?.state !== 'paid' || invoice.document === 'section' || invoice.kind === 'top_up') return false;
  const earlier = await db.ledgerEntry.count({
    where: { tenantId: invoice.tenantId, reference: reopeningReference(invoiceId, reference) },
  });
  if (earlier > 0) return false;
  const sections = await lockSections(db, invoiceId);
  const entries: NewEntry[] = [];
  for (const part of [invoice, ...sections]) {
    await db.invoice.update({
      where: { id: part.id },
      data: { state: 'disputed', paidAt: null, paidMinor: 0n },
    });
    const payment = await db.ledgerEntry.findFirst({
      where: { tenantId: part.tenantId, reference: paymentReference(part.id, part.paymentCount) },
      select: { amountMicros: true, paymentMethod: true },
    });
    // An entry of nothing still says that this dispute was seen: its next copy finds it.
    if (payment || part === invoice) entries.push(reopeningEntry(part, payment, reopening));
  }
  await bookEntries(db, entries, at);
  return true;
}

function reopeningEntry(
  { id, tenantId, currency }: LockedInvoice,
  payment: Pick<LedgerEntry, 'amountMicros' | 'paymentMethod'> | null,
  { kind, reference, description }: Reopening,
): NewEntry {
  return {
    tenantId,
    currency,
    kind,
    amountMicros: -(payment?.amountMicros ?? 0n),
    messageId: null,
    reference: reopeningReference(id, reference),
    description,
    createdBy: 'tollgate',
    paymentMethod: (payment?.paymentMethod ?? null) as PaymentMethod | null,
  };
}
