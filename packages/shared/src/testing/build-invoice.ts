import { insertInvoice } from '../billing/invoices.ts';
import { issueInvoice } from '../billing/issue-invoice.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { inTransaction, type TransactionDeps } from '../runtime/transaction.ts';

/** Who we are on documents of tests. */
export const testIssuer = {
  legalName: 'Tollgate Telekomunikace s.r.o.',
  street: 'Příčná 1892/4',
  city: 'Praha 1',
  postalCode: '110 00',
  country: 'CZ',
  registrationId: '27082440',
  vatId: 'CZ27082440',
  iban: 'CZ5855000000001265098001',
  bic: 'RZBCCZPP',
  email: 'fakturace@tollgate.example',
};

/** Writes who we are, and who the tenant is, on documents: a bookshop in Ústí that reads Czech. */
export async function buildParties(
  db: Db,
  { tenantId, locale = 'cs', country = 'CZ' }: { tenantId: string; locale?: string; country?: string },
  at: Date,
): Promise<void> {
  const by = { changedAt: at, changedBy: 'test' };
  await db.billingDefaults.upsert({
    where: { id: 1 },
    create: { issuer: testIssuer, ...by },
    update: { issuer: testIssuer, ...by },
  });
  await db.billingDetails.create({
    data: {
      tenantId,
      legalName: 'Knihkupectví U Žluťoučkého koně, a.s.',
      street: 'Nádražní 77',
      city: 'Ústí nad Labem',
      postalCode: '400 01',
      country,
      registrationId: '00006947',
      locale,
      ...by,
    },
  });
}

export type TestInvoice = {
  tenantId: string;
  document?: 'ours' | 'stripe' | 'statement';
  collection?: 'bank_transfer' | 'sippy' | 'stripe_invoice' | 'none';
  paymentTerms?: 'prepaid' | 'postpaid';
  /** What is asked for before tax: 1,000.00 CZK when left out. */
  totalMinor?: bigint;
  /** Left for an operator to approve. */
  isDraft?: boolean;
};

/** An invoice of February, issued at the given instant as closing its period issues it. */
export async function buildInvoice(deps: TransactionDeps, given: TestInvoice, at: Date): Promise<string> {
  const { tenantId, document = 'ours', collection = 'bank_transfer', paymentTerms = 'postpaid' } = given;
  const { totalMinor = 100_000n, isDraft } = given;
  const [id, periodId] = [newId(), newId()];
  const micros = totalMinor * 10_000n;
  // A statement asks for nothing, whatever was used.
  const isAsked = document !== 'statement';
  await inTransaction(deps, async (tx) => {
    const startsAt = new Date('2026-01-31T23:00:00Z');
    await tx.db.billingPeriod.create({
      data: {
        id: periodId,
        tenantId,
        startsAt: new Date(startsAt.getTime() + (await tx.db.billingPeriod.count({ where: { tenantId } }))),
        endsAt: new Date('2026-02-28T23:00:00Z'),
        timeZone: 'Europe/Prague',
        cadence: 'monthly',
        paymentTerms,
        currency: 'CZK',
        collection,
        closedAt: at,
        closedBy: 'schedule',
      },
    });
    const invoice = {
      id,
      tenantId,
      periodId,
      kind: 'usage' as const,
      document,
      state: 'awaiting_approval' as const,
      currency: 'CZK',
      usageMicros: micros,
      settlesMicros: isAsked ? micros : 0n,
      totalMinor: isAsked ? totalMinor : 0n,
      issuedAt: at,
      wakeAt: null,
    };
    await insertInvoice(tx.db, invoice, [
      {
        kind: 'usage',
        meter: 'sms_sent',
        country: 'CZ',
        unitPriceMicros: 1_500_000n,
        quantity: micros / 1_500_000n,
        amountMicros: micros,
        description: 'SMS to CZ at 1.50 CZK',
      },
    ]);
    if (!isDraft) await issueInvoice(tx, invoice, at);
  });
  return id;
}
