import type { Invoice, InvoiceLine } from '../../generated/prisma/client.ts';
import type { Db } from '../../runtime/database.ts';
import { inTransaction } from '../../runtime/transaction.ts';
import { localMonthSpan } from '../../time/local-time.ts';
import { findDuePeriods } from '../periods.ts';
import { type ClosePeriodDeps, closePeriodIn } from './close-period.ts';

/** What would be billed: everything that ends by the end of a local month, YYYY-MM, or as of an instant. */
export type PreviewedClose = { tenantId: string } & ({ month: string } | { asOf: Date });

export type InvoicePreview = Invoice & { lines: InvoiceLine[] };

/** No tenant has so many periods that have ended and are open; a preview of more is cut. */
const PERIODS_MAX = 400;

/**
 * What closing would make, by the very code that closes, in a transaction that is rolled back: nothing
 * is written, no number taken and nobody told. As of an instant the running period ends there. Throws
 * RangeError for what is no month.
 */
export async function previewClose(
  deps: ClosePeriodDeps,
  preview: PreviewedClose,
): Promise<InvoicePreview[]> {
  const done = new PreviewDone();
  try {
    await inTransaction(deps, async (tx) => {
      const now = deps.clock.now();
      const cause = 'asOf' in preview ? ({ kind: 'as_of', at: preview.asOf } as const) : SCHEDULE;
      const dueBy = 'asOf' in preview ? preview.asOf : await endOfMonth(tx.db, preview);
      const ids: string[] = [];
      for (let looked = 0; looked < PERIODS_MAX; looked += 1) {
        const periodId = await nextPeriod(tx.db, preview, dueBy);
        if (periodId === null) break;
        const { outcome, invoiceId } = await closePeriodIn(tx, periodId, { cause, now });
        if (outcome === 'not_due') break;
        if (invoiceId !== null) ids.push(invoiceId);
      }
      done.invoices = await readInvoices(tx.db, ids);
      throw done;
    });
  } catch (error) {
    if (error !== done) throw error;
  }
  return done.invoices;
}

const SCHEDULE = { kind: 'schedule' } as const;

/** Thrown to roll the transaction back. */
class PreviewDone extends Error {
  invoices: InvoicePreview[] = [];
}

async function endOfMonth(db: Db, { tenantId, month }: { tenantId: string; month: string }): Promise<Date> {
  const tenant = await db.tenant.findUniqueOrThrow({ where: { id: tenantId }, select: { timeZone: true } });
  return localMonthSpan(month, tenant.timeZone).endsAt;
}

async function nextPeriod(db: Db, preview: PreviewedClose, dueBy: Date): Promise<string | null> {
  const { tenantId } = preview;
  const [ended] = await findDuePeriods(db, { dueBy, tenantId, limit: 1 });
  if (ended !== undefined || !('asOf' in preview)) return ended ?? null;
  const running = await db.billingPeriod.findFirst({
    where: { tenantId, closedAt: null, startsAt: { lt: preview.asOf } },
    select: { id: true },
  });
  return running?.id ?? null;
}

async function readInvoices(db: Db, ids: string[]): Promise<InvoicePreview[]> {
  const invoices = await db.invoice.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } });
  const lines = await db.invoiceLine.findMany({
    where: { invoiceId: { in: ids } },
    orderBy: [{ invoiceId: 'asc' }, { position: 'asc' }],
  });
  return invoices.map((invoice) => ({
    ...invoice,
    lines: lines.filter(({ invoiceId }) => invoiceId === invoice.id),
  }));
}
