import type { Db } from '../../runtime/database.ts';
import { inTransaction, type Transaction, type TransactionDeps } from '../../runtime/transaction.ts';
import type { Clock } from '../../time/clock.ts';
import { lastLocalDay, localDate } from '../../time/local-time.ts';
import { rollUp } from '../../usage/roll-up.ts';
import { openPeriod } from '../open-period.ts';
import { lockOpenPeriod, type OpenPeriod } from '../periods.ts';
import { billPeriod } from './bill-period.ts';
import type { FeeSpan } from './fee-days.ts';
import { type CloseCause, decideEnd, type PeriodEnd } from './period-end.ts';
import { recordFees } from './record-fees.ts';
import { deletedAt, type TenantLife } from './tenant-history.ts';
import { isThresholdReached, readOpenUsage } from './threshold.ts';

export type ClosePeriodDeps = TransactionDeps & { clock: Clock };

/**
 * billed: an invoice, section or statement was made. empty: there was nothing to say. gone: somebody
 * closed it before. not_due: it goes on, as its threshold is not reached.
 */
export type CloseOutcome = 'billed' | 'empty' | 'gone' | 'not_due';

/**
 * Closes a period: writes its fees, counts what remains of it, takes its roll-ups, issues what they come
 * to, and opens the next period at the same instant, unless the tenant was deleted. Whoever comes
 * second finds the period closed.
 */
export function closePeriod(
  deps: ClosePeriodDeps,
  periodId: string,
  cause: CloseCause = { kind: 'schedule' },
): Promise<CloseOutcome> {
  return inTransaction(deps, async (tx) => {
    const { outcome } = await closePeriodIn(tx, periodId, { cause, now: deps.clock.now() });
    return outcome;
  });
}

export type ClosedPeriod = { outcome: CloseOutcome; invoiceId: string | null };

/** The same as the last part of the caller's own transaction. */
export async function closePeriodIn(
  tx: Transaction,
  periodId: string,
  { cause, now }: { cause: CloseCause; now: Date },
): Promise<ClosedPeriod> {
  const { db } = tx;
  const period = await lockOpenPeriod(db, periodId);
  if (!period) return { outcome: 'gone', invoiceId: null };
  const life = await readLife(db, period.tenantId, now);
  const end = decideEnd(period, { cause, now, deletedAt: deletedAt(life) });
  if (!end) return notDue;
  const { endsAt, isFinal } = end;
  const { tenantId, currency } = period;
  // Everything of a deleted tenant: what was reported since has no later invoice to go on.
  const range = { tenantId, ...(isFinal ? {} : { before: endsAt }), wait: true };
  if (end.closedBy === 'threshold') {
    await rollUp(db, range);
    if (!isThresholdReached(period, await readOpenUsage(db, { tenantId, currency }))) return notDue;
  }
  await recordFees(db, { period, span: spanOf(period, end), life, now });
  await rollUp(db, range);
  await db.billingPeriod.update({
    where: { id: periodId },
    data: { endsAt, closedAt: now, closedBy: end.closedBy },
  });
  if (!isFinal) await openPeriod(db, tenantId, endsAt);
  const invoiceId = await billPeriod(tx, { period: { ...period, endsAt }, isFinal, now });
  return { outcome: invoiceId === null ? 'empty' : 'billed', invoiceId };
}

const notDue: ClosedPeriod = { outcome: 'not_due', invoiceId: null };

function spanOf({ startsAt, timeZone }: OpenPeriod, { endsAt }: PeriodEnd): FeeSpan {
  return {
    firstDay: localDate(startsAt, timeZone),
    lastDay: lastLocalDay(endsAt, timeZone),
    timeZone,
    startsAt,
    endsAt,
  };
}

async function readLife(db: Db, tenantId: string, now: Date): Promise<TenantLife> {
  const tenant = await db.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: {
      createdAt: true,
      planId: true,
      status: true,
      history: {
        where: { kind: { in: ['plan_changed', 'suspended', 'resumed', 'deleted'] } },
        orderBy: [{ occurredAt: 'asc' }, { id: 'asc' }],
        select: { kind: true, detail: true, occurredAt: true },
      },
    },
  });
  const { status, history, ...life } = tenant;
  const isUntold = status === 'deleted' && deletedAt({ events: history }) === null;
  return {
    ...life,
    events: isUntold ? [...history, { kind: 'deleted', detail: {}, occurredAt: now }] : history,
  };
}
