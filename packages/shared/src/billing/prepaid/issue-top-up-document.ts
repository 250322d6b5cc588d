import { raiseOperatorAlert } from '../../alerts/operator-alerts.ts';
import { newId, toPublicId } from '../../ids/ids.ts';
import { formatMicros, minorUnitsToMicros } from '../../money/money.ts';
import { notifyTenant } from '../../notifications/notify-tenant.ts';
import type { Db } from '../../runtime/database.ts';
import type { Transaction } from '../../runtime/transaction.ts';
import { localDate } from '../../time/local-time.ts';
import { decideVat, type Vat, type VatQuestion } from '../decide-vat.ts';
import { markIssued } from '../issue-invoice.ts';
import { numberSeries } from '../number-series.ts';
import { type Parties, readParties } from '../parties.ts';
import { readVatRates } from '../vat-rates.ts';
import { type PaidTax, taxOfPayment } from './tax-of-payment.ts';

/** A payment for credit, as it really came in. */
export type CreditPayment = {
  tenantId: string;
  currency: string;
  /** Null where an operator recorded it by hand. */
  topUpId: string | null;
  netMinor: bigint;
  vatMinor: bigint;
  method: 'stripe' | 'bank_transfer' | 'cash' | 'other';
  /** That of the ledger entry which gave the credit: both are unique per tenant. */
  reference: string;
  by: string;
};

/**
 * Issues the tax document of a payment for credit, in the transaction that gives the credit, and mails
 * it: paid, with the amounts that were paid, and the day on which we learned of the payment as its tax
 * point. It asks for nothing and touches no account. Once per top-up and per reference; the database
 * refuses a second one. Call it last: it takes the number. Returns the document's id.
 */
export async function issueTopUpDocument(tx: Transaction, payment: CreditPayment, at: Date): Promise<string> {
  const { db } = tx;
  const { tenantId, currency, netMinor, vatMinor } = payment;
  const id = newId();
  const grossMinor = netMinor + vatMinor;
  const { issuer, payer } = await readParties(db, tenantId);
  const paidOn = localDate(at, issuer.timeZone);
  const parties: Parties = { issuer, payer, taxPointOn: paidOn, issuedOn: paidOn };
  const tax = await readTax(db, payment, parties);
  await db.invoice.create({
    data: {
      id,
      tenantId,
      topUpId: payment.topUpId,
      kind: 'top_up',
      document: 'ours',
      state: 'awaiting_approval',
      currency,
      usageMicros: 0n,
      settlesMicros: 0n,
      totalMinor: netMinor,
      vatTreatment: tax.treatment,
      vatRateBps: tax.rateBps,
      vatMinor,
      grossMinor,
      paidMinor: grossMinor,
      paymentCount: 1,
      parties,
      issuedAt: at,
    },
  });
  const netMicros = minorUnitsToMicros(netMinor, currency);
  await db.invoiceLine.create({
    data: {
      invoiceId: id,
      position: 1,
      kind: 'top_up',
      meter: '',
      country: '',
      unitPriceMicros: netMicros,
      quantity: 1n,
      amountMicros: netMicros,
      description: 'SMS credit',
    },
  });
  await db.invoicePayment.create({
    data: {
      id: newId(),
      invoiceId: id,
      tenantId,
      amountMinor: grossMinor,
      method: payment.method,
      reference: payment.reference,
      receivedOn: new Date(paidOn),
      recordedAt: at,
      recordedBy: payment.by,
    },
  });
  if (!tax.isAsDecided) await showDifference(db, { id, payment, tax }, at);
  await notifyTenant(tx, { kind: 'invoice_issued', tenantId, subjectId: id, content: { invoiceId: id } }, at);
  await markIssued(db, id, numberSeries.top_up, Number(paidOn.slice(0, 'YYYY'.length)), { paidAt: at });
  return id;
}

async function readTax(
  db: Db,
  { netMinor, vatMinor }: CreditPayment,
  { issuer, payer, taxPointOn }: Parties,
): Promise<PaidTax> {
  const rates = await readVatRates(db);
  const country = payer.country ?? issuer.country;
  const ratesBps = rates
    .toSorted((a, b) => Number(b.country === country) - Number(a.country === country))
    .map(({ rateBps }) => rateBps);
  return taxOfPayment({
    netMinor,
    vatMinor,
    decided: decideUnlessUnknown({ issuer, payer, taxPointOn, rates }),
    ratesBps,
  });
}

/** Money that came in is credited whether or not we know the rate: Stripe may have computed it. */
function decideUnlessUnknown(question: VatQuestion): Vat | null {
  try {
    return decideVat(question);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function showDifference(
  db: Db,
  { id, payment, tax }: { id: string; payment: CreditPayment; tax: PaidTax },
  at: Date,
): Promise<void> {
  const { tenantId, currency, netMinor, vatMinor, reference } = payment;
  const money = (minor: bigint) => formatMicros(minorUnitsToMicros(minor, currency));
  const detail = `${reference}: ${money(vatMinor)} ${currency} of VAT were paid on ${money(netMinor)}, which is not what our VAT rules say; the document says ${tax.treatment} at ${tax.rateBps} basis points`;
  const alert = { kind: 'top_up_tax_differs', subject: toPublicId('inv', id), tenantId, detail };
  await raiseOperatorAlert(db, alert, at);
}
