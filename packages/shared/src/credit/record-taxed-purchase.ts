import { issueTopUpDocument } from '../billing/prepaid/issue-top-up-document.ts';
import { microsPerMinorUnit } from '../money/money.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { decideTopUpTax } from '../stripe/top-up-tax.ts';
import { type ManualEntry, type ManualEntryResult, recordEntry } from './record-entry.ts';

/** A payment that an operator saw come in: `amountMicros` is its net amount. */
export type ManualPurchase = Omit<ManualEntry, 'kind'> & {
  paymentMethod: 'bank_transfer' | 'cash' | 'card' | 'other';
};

/** A tax document is in whole minor units, and so is the credit that it is for. */
export class PurchaseFractionError extends RangeError {
  override readonly name = 'PurchaseFractionError';
}

/** The reference is that of a payment of an invoice: the same money is not booked twice. */
export class PurchaseReferenceError extends Error {
  override readonly name = 'PurchaseReferenceError';
}

/**
 * Books credit that was paid by transfer or in cash, once per reference, and issues its tax document
 * where VAT is due when credit is bought: our VAT on top of the net amount. Throws PurchaseFractionError
 * and PurchaseReferenceError then; RangeError for a tenant without an account in that currency, or where
 * no VAT rate is known. Call it last: it may take a number.
 */
export async function recordTaxedPurchase(
  tx: Transaction,
  purchase: ManualPurchase,
  at: Date,
): Promise<ManualEntryResult> {
  const { db } = tx;
  const { tenantId, currency, amountMicros, reference, createdBy, paymentMethod } = purchase;
  const result = await recordEntry(db, { ...purchase, kind: 'purchase' }, at);
  if (result.kind !== 'booked') return result;
  const netMinor = amountMicros / microsPerMinorUnit(currency);
  const tax = await decideTopUpTax(db, { tenantId, netMinor, taxMode: 'none', isCheckout: false }, at);
  if (tax.due === 'at_use' || tax.by === 'stripe') return result;
  if (amountMicros % microsPerMinorUnit(currency) !== 0n)
    throw new PurchaseFractionError(`${amountMicros} micros are no whole minor units of ${currency}`);
  const key = { tenantId_reference: { tenantId, reference } };
  if (await db.invoicePayment.findUnique({ where: key, select: { id: true } }))
    throw new PurchaseReferenceError(`the reference ${reference} is that of a payment of an invoice`);
  // A card that we did not charge ourselves is told apart on the entry only.
  const method = paymentMethod === 'card' ? 'other' : paymentMethod;
  const payment = { tenantId, currency, topUpId: null, netMinor, method, reference, by: createdBy };
  await issueTopUpDocument(tx, { ...payment, vatMinor: tax.vatMinor }, at);
  return result;
}
