import type { Db } from '../../runtime/database.ts';
import { inTransaction } from '../../runtime/transaction.ts';
import { localMonthSpan } from '../../time/local-time.ts';
import { findDuePeriods, lockBillablePeriod } from '../periods.ts';
import { billPeriod } from './bill-period.ts';
import { type ClosePeriodDeps, closePeriodIn } from './close-period.ts';

export type GeneratedInvoice = {
  tenantId: string;
  /** YYYY-MM in the tenant's zone. */
  month: string;
  /** A sandbox's test clock: ends the running period at this instant. Never outside a sandbox. */
  asOf?: Date;
};

/**
 * Bills a tenant up to the end of a month: closes everything that has ended by then, and bills again
 * what a voided invoice gave back. Returns the ids of the invoices made. Throws RangeError for what is
 * no month; done twice it makes nothing new.
 */
export async function generateInvoice(
  deps: ClosePeriodDeps,
  { tenantId, month, asOf }: GeneratedInvoice,
): Promise<string[]> {
  const { prisma, clock } = deps;
  const tenant = await prisma.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { timeZone: true },
  });
  const { endsAt: monthEnd } = localMonthSpan(month, tenant.timeZone);
  const latest = asOf ?? clock.now();
  const dueBy = monthEnd < latest ? monthEnd : latest;
  const ids: string[] = [];
  for (const periodId of await findVoidedPeriods(prisma, tenantId, dueBy)) {
    const id = await billAgain(deps, periodId);
    if (id !== null) ids.push(id);
  }
  const seen = new Set<string>();
  for (;;) {
    const periodId = await nextPeriod(prisma, tenantId, dueBy, asOf);
    if (periodId === null || seen.has(periodId)) return ids;
    seen.add(periodId);
    const cause =
      asOf === undefined ? ({ kind: 'schedule' } as const) : ({ kind: 'as_of', at: dueBy } as const);
    const { invoiceId } = await inTransaction(deps, (tx) =>
      closePeriodIn(tx, periodId, { cause, now: clock.now() }),
    );
    if (invoiceId !== null) ids.push(invoiceId);
  }
}

/** Bills a closed period again whose invoice was voided; null when it has another one, or nothing is open. */
export function billAgain(deps: ClosePeriodDeps, periodId: string): Promise<string | null> {
  return inTransaction(deps, async (tx) => {
    const period = await lockBillablePeriod(tx.db, periodId);
    return period && billPeriod(tx, { period, isFinal: false, now: deps.clock.now() });
  });
}

async function findVoidedPeriods(db: Db, tenantId: string, dueBy: Date): Promise<string[]> {
  const rows = await db.billingPeriod.findMany({
    where: {
      tenantId,
      closedAt: { not: null },
      endsAt: { lte: dueBy },
      AND: [
        { invoices: { some: { kind: 'usage', state: 'void' } } },
        { invoices: { none: { kind: 'usage', state: { not: 'void' } } } },
      ],
    },
    orderBy: { startsAt: 'asc' },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

async function nextPeriod(
  db: Db,
  tenantId: string,
  dueBy: Date,
  asOf: Date | undefined,
): Promise<string | null> {
  const [ended] = await findDuePeriods(db, { dueBy, tenantId, limit: 1 });
  if (ended !== undefined || asOf === undefined) return ended ?? null;
  const running = await db.billingPeriod.findFirst({
    where: { tenantId, closedAt: null, startsAt: { lt: dueBy } },
    select: { id: true },
  });
  return running?.id ?? null;
}
