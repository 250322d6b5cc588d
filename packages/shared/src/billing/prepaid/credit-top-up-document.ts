import { raiseOperatorAlert } from '../../alerts/operator-alerts.ts';
import { newId, toPublicId } from '../../ids/ids.ts';
import { minorUnitsToMicros } from '../../money/money.ts';
import type { Db } from '../../runtime/database.ts';
import type { Transaction } from '../../runtime/transaction.ts';
import { localDate } from '../../time/local-time.ts';
import { bookEntries } from '../book-entries.ts';
import { type CreditedAmount, draftCreditNote, issueCreditNote, whatIsLeft } from '../credit-note.ts';
import { type LockedInvoice, lockInvoice } from '../invoices.ts';
import { readIssuer } from '../issuer.ts';

/** Reasons that our own credit notes give; documents word them in their language. */
export const creditReasons = {
  refund: 'refund of a top-up',
  dispute: 'lost dispute of a top-up',
} as const;

/** Money of a top-up that went back for good. */
export type MoneyReturned = {
  /** That of the ledger entry which took the credit. */
  reference: string;
  reason: keyof typeof creditReasons;
  netMinor: bigint;
  grossMinor: bigint;
};

/** Locks the tax document of a top-up; null where its VAT is due at its use. Lock it before the account. */
export async function lockTopUpDocument(db: Db, topUpId: string): Promise<LockedInvoice | null> {
  const row = await db.invoice.findUnique({ where: { topUpId }, select: { id: true } });
  return row && lockInvoice(db, row.id);
}

/**
 * Credits the locked tax document of a top-up by what went back, once per reference, never more than is
 * left of it. The ledger is the caller's. Returns whether it made a credit note now. Call it last: it
 * takes the number.
 */
export async function creditTopUpDocument(
  tx: Transaction,
  { document, reference, reason, netMinor, grossMinor }: MoneyReturned & { document: LockedInvoice },
  at: Date,
): Promise<boolean> {
  const { db } = tx;
  const { tenantId, currency } = document;
  const key = { tenantId_reference: { tenantId, reference } };
  if (await db.invoicePayment.findUnique({ where: key, select: { id: true } })) return false;
  const left = await whatIsLeft(db, document);
  const credited = {
    netMinor: smaller(netMinor, left.netMinor),
    vatMinor: smaller(grossMinor - netMinor, left.vatMinor),
  };
  if (credited.netMinor + credited.vatMinor === 0n) return false;
  const amount = { ...credited, micros: minorUnitsToMicros(credited.netMinor, currency) };
  const given = { invoice: document, amount, reason: creditReasons[reason], by: 'tollgate' };
  const { id, year } = await draftCreditNote(db, given, at);
  await notePayment(
    db,
    { id, document, reference, amountMinor: -(amount.netMinor + amount.vatMinor), by: 'tollgate' },
    at,
  );
  await issueCreditNote(tx, { id, year, tenantId }, at);
  return true;
}

/**
 * Makes the credit note void that was issued for money which did not go back after all, once, and shows
 * operators that the tenant holds a document that no longer counts. Returns whether it did it now.
 */
export async function takeBackCreditNote(
  db: Db,
  { document, reference }: { document: LockedInvoice; reference: string },
  at: Date,
): Promise<boolean> {
  const { tenantId } = document;
  const made = await db.invoicePayment.findUnique({
    where: { tenantId_reference: { tenantId, reference } },
  });
  const note = made && (await lockInvoice(db, made.invoiceId));
  if (note?.kind !== 'credit_note' || note.state === 'void') return false;
  const amountMinor = -note.grossMinor;
  const voidReason = `${reference} failed`;
  await db.invoice.update({
    where: { id: note.id },
    data: { state: 'void', voidedAt: at, voidedBy: 'tollgate', voidReason },
  });
  await db.invoice.update({
    where: { id: document.id },
    data: { creditedMinor: { decrement: amountMinor } },
  });
  await notePayment(db, { id: note.id, document, reference: voidReason, amountMinor, by: 'tollgate' }, at);
  const detail = `${voidReason}, so credit note ${note.number} is void and ${document.number} counts again: tell the tenant, and correct the tax return if it was filed`;
  const alert = { kind: 'credit_note_void', subject: toPublicId('inv', note.id), tenantId, detail };
  await raiseOperatorAlert(db, alert, at);
  return true;
}

/** Takes the credit of a purchase that was booked by hand and is credited by an operator. */
export async function takePurchaseBack(
  db: Db,
  { invoice, id, amount, by }: { invoice: LockedInvoice; id: string; amount: CreditedAmount; by: string },
  at: Date,
): Promise<void> {
  const { tenantId, currency } = invoice;
  const reference = `purchase ${invoice.number} credited by ${id}`;
  await notePayment(
    db,
    { id, document: invoice, reference, amountMinor: -(amount.netMinor + amount.vatMinor), by },
    at,
  );
  const entry = {
    tenantId,
    currency,
    kind: 'purchase_refund' as const,
    amountMicros: -minorUnitsToMicros(amount.netMinor, currency),
    messageId: null,
    reference,
    description: 'Credit note',
    createdBy: by,
  };
  await bookEntries(db, [entry], at);
}

type Returned = {
  id: string;
  document: LockedInvoice;
  reference: string;
  amountMinor: bigint;
  by: string;
};

/** What moved with a credit note, under the reference of its ledger entry: the database refuses a second one. */
async function notePayment(
  db: Db,
  { id, document, reference, amountMinor, by }: Returned,
  at: Date,
): Promise<void> {
  const { tenantId, topUpId } = document;
  const { timeZone } = await readIssuer(db);
  await db.invoicePayment.create({
    data: {
      id: newId(),
      invoiceId: id,
      tenantId,
      amountMinor,
      method: topUpId === null ? 'other' : 'stripe',
      reference,
      receivedOn: new Date(localDate(at, timeZone)),
      recordedAt: at,
      recordedBy: by,
    },
  });
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
