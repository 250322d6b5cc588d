import type { Prisma } from '../generated/prisma/client.ts';
import { newId } from '../ids/ids.ts';
import { minorUnitsToMicros } from '../money/money.ts';
import { notifyTenant } from '../notifications/notify-tenant.ts';
import type { Db } from '../runtime/database.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { localDate } from '../time/local-time.ts';
import type { LockedInvoice } from './invoices.ts';
import { markIssued } from './issue-invoice.ts';
import { numberSeries } from './number-series.ts';
import { Parties } from './parties.ts';

/** An amount of an invoice: exact, and as it is on the document. */
export type CreditedAmount = { micros: bigint; netMinor: bigint; vatMinor: bigint };

/** What no earlier credit note took back of an invoice and its sections. */
export async function whatIsLeft(
  db: Db,
  invoice: LockedInvoice,
  sections: readonly LockedInvoice[] = [],
): Promise<CreditedAmount> {
  const { _sum: earlier } = await db.invoice.aggregate({
    where: { creditsInvoiceId: invoice.id, state: { not: 'void' } },
    _sum: { chargesMicros: true, totalMinor: true, vatMinor: true },
  });
  return {
    micros: askedMicros(invoice, sections) + (earlier.chargesMicros ?? 0n),
    netMinor: invoice.totalMinor + (earlier.totalMinor ?? 0n),
    vatMinor: invoice.vatMinor + (earlier.vatMinor ?? 0n),
  };
}

/** The document of a top-up settles nothing and charges nothing: it says what was paid. */
function askedMicros(invoice: LockedInvoice, sections: readonly LockedInvoice[]): bigint {
  if (invoice.kind === 'top_up') return minorUnitsToMicros(invoice.totalMinor, invoice.currency);
  return [invoice, ...sections].reduce(
    (sum, { settlesMicros, chargesMicros }) => sum + settlesMicros + chargesMicros,
    0n,
  );
}

export type CreditNoteDraft = {
  invoice: LockedInvoice;
  amount: CreditedAmount;
  reason: string;
  by: string;
};

/** Stores a credit note without its number, and what it takes back on its invoice, which the caller has locked. */
export async function draftCreditNote(
  db: Db,
  { invoice, amount, reason, by }: CreditNoteDraft,
  at: Date,
): Promise<{ id: string; year: number }> {
  const id = newId();
  const { parties, year } = await partiesOn(db, invoice.id, at);
  await db.invoice.create({
    data: {
      id,
      tenantId: invoice.tenantId,
      periodId: invoice.periodId,
      kind: 'credit_note',
      document: 'ours',
      state: 'awaiting_approval',
      currency: invoice.currency,
      creditsInvoiceId: invoice.id,
      usageMicros: 0n,
      chargesMicros: -amount.micros,
      settlesMicros: 0n,
      totalMinor: -amount.netMinor,
      vatTreatment: invoice.vatTreatment,
      vatRateBps: invoice.vatRateBps,
      vatMinor: -amount.vatMinor,
      grossMinor: -(amount.netMinor + amount.vatMinor),
      parties,
      issuedAt: at,
      approvedAt: at,
      approvedBy: by,
    },
  });
  await db.invoiceLine.create({
    data: {
      invoiceId: id,
      position: 1,
      kind: 'credit',
      meter: '',
      country: '',
      unitPriceMicros: -amount.micros,
      quantity: 1n,
      amountMicros: -amount.micros,
      description: `Credit for invoice ${invoice.number}: ${reason}`,
    },
  });
  await db.invoice.update({
    where: { id: invoice.id },
    data: { creditedMinor: { increment: amount.netMinor + amount.vatMinor } },
  });
  return { id, year };
}

/** Mails a credit note and gives it its number: the last statements of the transaction. */
export async function issueCreditNote(
  tx: Transaction,
  { id, year, tenantId }: { id: string; year: number; tenantId: string },
  at: Date,
): Promise<void> {
  await notifyTenant(tx, { kind: 'invoice_issued', tenantId, subjectId: id, content: { invoiceId: id } }, at);
  await markIssued(tx.db, id, numberSeries.credit_note, year);
}

async function partiesOn(db: Db, invoiceId: string, at: Date) {
  const { parties } = await db.invoice.findUniqueOrThrow({
    where: { id: invoiceId },
    select: { parties: true },
  });
  const original = Parties.parse(parties);
  const issuedOn = localDate(at, original.issuer.timeZone);
  const own: Prisma.InputJsonObject = { ...original, issuedOn, taxPointOn: issuedOn };
  return { parties: own, year: Number(issuedOn.slice(0, 'YYYY'.length)) };
}
