import { type BillingPeriod, Prisma } from '../generated/prisma/client.ts';
import { notifyTenant } from '../notifications/notify-tenant.ts';
import { collectInvoice } from '../queues/catalog.ts';
import type { Db } from '../runtime/database.ts';
import type { Transaction } from '../runtime/transaction.ts';
import { MINUTE_MS } from '../time/durations.ts';
import { addLocalDays, lastLocalDay, localDate } from '../time/local-time.ts';
import { decideVat, type Vat, vatOf } from './decide-vat.ts';
import { InvoiceStateError } from './invoice-states.ts';
import type { LockedInvoice } from './invoices.ts';
import { type NumberSeries, numberOfTaken, numberSeries, takeNumber } from './number-series.ts';
import { type Parties, readParties } from './parties.ts';
import { readTaxedUse } from './prepaid/taxed-use.ts';
import { readVatRates } from './vat-rates.ts';

/** The sweeper collects what its job did not within this time. */
const FIRST_WAKE_UP_MS = MINUTE_MS;

type Draft = Pick<
  LockedInvoice,
  'id' | 'tenantId' | 'periodId' | 'kind' | 'document' | 'state' | 'currency' | 'usageMicros' | 'totalMinor'
>;

/**
 * Issues a draft that the caller has locked or just made: fixes its parties, days and tax as of this
 * moment, gives it its number, wakes whoever collects it and tells the tenant. Call it last: from its
 * final statement on, nobody else can take a number of the series before the commit.
 *
 * The statement of a prepaid tenant whose credit is taxed at its use is the tax document of that use. It
 * stays in the series of statements: it asks for nothing, so nothing that looks for invoices to be paid
 * may see it, and that series has no gap either.
 */
export async function issueInvoice(
  tx: Transaction,
  draft: Draft,
  at: Date,
  approval: { by: string } | null = null,
): Promise<void> {
  const { db } = tx;
  if (draft.state !== 'awaiting_approval')
    throw new InvoiceStateError(`invoice ${draft.id} is ${draft.state}: it is not waiting to be issued`);
  const { id, tenantId, document, totalMinor } = draft;
  const { issuer, payer } = await readParties(db, tenantId);
  const issuedOn = localDate(at, issuer.timeZone);
  const period = await periodOf(db, draft);
  const taxPointOn = period === null ? issuedOn : lastLocalDay(period.endsAt, period.timeZone);
  const parties: Parties = { issuer, payer, taxPointOn, issuedOn };
  const use = period && (await readTaxedUse(db, { draft, period, parties }, at));
  const vat = use?.vat ?? (await vatOfDocument(db, draft, parties));
  const isCollected = (document === 'stripe' || document === 'ours') && totalMinor > 0n;
  const dueOn =
    document === 'ours' && isCollected ? addLocalDays(issuedOn, await paymentDays(db, tenantId)) : null;
  const vatMinor = vatOf(totalMinor, vat.rateBps);
  await db.invoice.update({
    where: { id },
    data: {
      parties,
      vatTreatment: vat.treatment,
      vatRateBps: vat.rateBps,
      vatMinor,
      grossMinor: totalMinor + vatMinor,
      ...use?.amounts,
      issuedAt: at,
      dueOn: dueOn === null ? null : new Date(dueOn),
      wakeAt: isCollected ? new Date(at.getTime() + FIRST_WAKE_UP_MS) : null,
      ...(approval && { approvedAt: at, approvedBy: approval.by }),
    },
  });
  if (isCollected) tx.enqueue(collectInvoice, { invoiceId: id });
  if (document === 'ours')
    await notifyTenant(
      tx,
      { kind: 'invoice_issued', tenantId, subjectId: id, content: { invoiceId: id } },
      at,
    );
  await markIssued(db, id, seriesOf(draft), Number(issuedOn.slice(0, 'YYYY'.length)));
}

/** Stripe's document carries Stripe's number, and a section the number of the invoice that it goes on. */
function seriesOf({ kind, document }: Draft): NumberSeries | null {
  if (kind === 'credit_note' || kind === 'top_up') return numberSeries[kind];
  if (document === 'ours') return numberSeries.ours;
  return document === 'statement' ? numberSeries.statement : null;
}

/** Issues a draft with the next number of the series, paid already where it is so: the last statement of a transaction. */
export async function markIssued(
  db: Db,
  id: string,
  series: NumberSeries | null,
  year: number,
  { paidAt }: { paidAt: Date | null } = { paidAt: null },
): Promise<void> {
  const state = paidAt === null ? 'issued' : 'paid';
  const numbered = series
    ? Prisma.sql`
        WITH ${takeNumber(series, year)}
        UPDATE invoices SET state = ${state}, paid_at = ${paidAt}, series = ${series}, number = ${numberOfTaken(series, year)}
        FROM taken WHERE id = ${id}::uuid`
    : Prisma.sql`UPDATE invoices SET state = ${state}, paid_at = ${paidAt} WHERE id = ${id}::uuid`;
  await db.$executeRaw(numbered);
}

/** The period that an invoice of usage is for; null for other documents. */
function periodOf(db: Db, { kind, periodId }: Draft): Promise<BillingPeriod | null> {
  if (kind !== 'usage' || periodId === null) return Promise.resolve(null);
  return db.billingPeriod.findUniqueOrThrow({ where: { id: periodId } });
}

async function vatOfDocument(db: Db, { document }: Draft, parties: Parties): Promise<Vat> {
  switch (document) {
    case 'stripe':
      return { treatment: 'stripe', rateBps: 0 };
    case 'statement':
    case 'section':
      return { treatment: 'none', rateBps: 0 };
    case 'ours':
      return decideVat({ ...parties, rates: await readVatRates(db) });
  }
}

async function paymentDays(db: Db, tenantId: string): Promise<number> {
  const settings = await db.billingSettings.findUniqueOrThrow({
    where: { tenantId },
    select: { paymentDays: true },
  });
  return settings.paymentDays;
}
