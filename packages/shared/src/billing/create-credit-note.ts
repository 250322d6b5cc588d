import { roundToMinorUnits } from '../money/round-to-minor-units.ts';
import type { Db } from '../runtime/database.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { allocateCredit } from './allocate-credit.ts';
import { bookEntries } from './book-entries.ts';
import { type CreditedAmount, draftCreditNote, issueCreditNote, whatIsLeft } from './credit-note.ts';
import { vatOf } from './decide-vat.ts';
import { creditReference } from './invoice-references.ts';
import { InvoiceStateError } from './invoice-states.ts';
import { type LockedInvoice, lockInvoice, lockSections } from './invoices.ts';
import { takePurchaseBack } from './prepaid/credit-top-up-document.ts';
import { settleInvoice } from './settle-invoice.ts';

export type NewCreditNote = {
  /** The invoice that is credited: a document of ours. */
  invoiceId: string;
  /** Net, in micros; all that is left of the invoice when left out. */
  amountMicros?: bigint;
  /** For the document, and for whoever asks later. */
  reason: string;
  /** An operator's e-mail, or "tollgate". */
  by: string;
};

/** A credit note for more than is left of the invoice, for nothing, or for less than a minor unit. */
export class CreditAmountError extends RangeError {
  override readonly name = 'CreditAmountError';
}

/**
 * Takes back an issued invoice of ours, or a part of it, with a numbered document at the invoice's own
 * tax rate. What it takes of the SMS (the invoice's first, then its sections', then fees) goes on the
 * accounts as one adjustment each: an unpaid debt is forgiven, a paid one becomes credit. Of a purchase
 * that was booked by hand the credit is taken, because the money goes back. Returns the credit note's
 * id. Throws InvoiceStateError for another document, CreditAmountError for its amount.
 */
export async function createCreditNote(tx: Transaction, input: NewCreditNote, at: Date): Promise<string> {
  const { db } = tx;
  const { invoiceId, reason, by } = input;
  const invoice = await lockInvoice(db, invoiceId);
  if (!invoice) throw new InvoiceStateError(`there is no invoice ${invoiceId}`);
  refuseUnlessCreditable(invoice);
  const sections = await lockSections(db, invoiceId);
  const left = await whatIsLeft(db, invoice, sections);
  const amount = amountOf(input.amountMicros ?? left.micros, left, invoice);
  const { id, year } = await draftCreditNote(db, { invoice, amount, reason, by }, at);
  if (invoice.kind === 'top_up') await takePurchaseBack(db, { invoice, id, amount, by }, at);
  else await forgive(db, { id, by, micros: amount.micros, parts: [invoice, ...sections] }, at);
  await settleIfNothingIsLeft(db, invoice, amount.netMinor + amount.vatMinor, { by, at });
  await issueCreditNote(tx, { id, year, tenantId: invoice.tenantId }, at);
  return id;
}

function refuseUnlessCreditable({ id, kind, document, state, topUpId }: LockedInvoice): void {
  const refuse = (why: string) => {
    throw new InvoiceStateError(`invoice ${id} cannot be credited: ${why}`);
  };
  if (kind === 'credit_note') refuse('it is a credit note');
  if (topUpId !== null) refuse('its payment came by Stripe; a refund there credits it');
  if (document === 'stripe') refuse('the tax document is Stripe’s, and so is its credit note');
  if (document !== 'ours') refuse(`it is a ${document}, which asks for nothing by itself`);
  if (state === 'awaiting_approval') refuse('it is not issued; void it instead');
  if (state === 'void') refuse('it is void');
}

/** The last credit takes what is left to the heller, so that all of them together cancel the invoice. */
function amountOf(
  micros: bigint,
  left: CreditedAmount,
  { currency, vatRateBps }: LockedInvoice,
): CreditedAmount {
  if (micros > left.micros)
    throw new CreditAmountError(`only ${left.micros} micros of the invoice are left to be credited`);
  if (micros === left.micros && left.netMinor > 0n) return left;
  const rounded = roundToMinorUnits(micros, currency);
  const netMinor = rounded > left.netMinor ? left.netMinor : rounded;
  if (netMinor <= 0n) throw new CreditAmountError('a credit note takes back at least one minor unit');
  const vatMinor = vatOf(netMinor, vatRateBps);
  return { micros, netMinor, vatMinor: vatMinor > left.vatMinor ? left.vatMinor : vatMinor };
}

type Forgiveness = { id: string; by: string; micros: bigint; parts: readonly LockedInvoice[] };

async function forgive(db: Db, { id, by, micros, parts }: Forgiveness, at: Date): Promise<void> {
  const { taken } = allocateCredit(
    micros,
    parts.map((part) => ({ id: part.id, remainingMicros: part.settlesMicros - part.creditedMicros })),
  );
  const byId = new Map(parts.map((part) => [part.id, part]));
  const entries = taken.map((each) => {
    const { tenantId, currency } = byId.get(each.id) as LockedInvoice;
    return {
      tenantId,
      currency,
      kind: 'adjustment' as const,
      amountMicros: each.micros,
      messageId: null,
      reference: creditReference(each.id, id),
      description: 'Credit note',
      createdBy: by,
    };
  });
  for (const each of taken)
    await db.invoice.update({
      where: { id: each.id },
      data: { creditedMicros: { increment: each.micros } },
    });
  await bookEntries(db, entries, at);
}

/** An unpaid invoice that asks for nothing more is done with. */
async function settleIfNothingIsLeft(
  db: Db,
  { id, state, grossMinor, creditedMinor, paidMinor }: LockedInvoice,
  creditedNowMinor: bigint,
  { by, at }: { by: string; at: Date },
): Promise<void> {
  if (state === 'paid' || grossMinor > paidMinor + creditedMinor + creditedNowMinor) return;
  await settleInvoice(db, {
    invoiceId: id,
    paidAt: at,
    method: 'other',
    description: 'Settled by a credit note',
    createdBy: by,
  });
}
