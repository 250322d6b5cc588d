import { insertInvoice, sumUnsettled } from '@tollgate/shared/billing/invoices.ts';
import { openPeriod } from '@tollgate/shared/billing/open-period.ts';
import { lockOpenPeriod, type OpenPeriod } from '@tollgate/shared/billing/periods.ts';
import { lockOpenRollups, type StampedRollup, stampRollups } from '@tollgate/shared/billing/rollups.ts';
import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { roundToMinorUnits } from '@tollgate/shared/money/round-to-minor-units.ts';
import { collectInvoice } from '@tollgate/shared/queues/catalog.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { localDate } from '@tollgate/shared/time/local-time.ts';
import { rollUp } from '@tollgate/shared/usage/roll-up.ts';
import { buildLines } from './build-lines.ts';
import { notifyOfUsage } from './notify-of-usage.ts';
import { whatIsOwed } from './what-is-owed.ts';

export type ClosePeriodDeps = TransactionDeps & { clock: Clock };

/** billed: an invoice or statement was made. empty: nothing was used. gone: somebody closed it before. */
export type CloseOutcome = 'billed' | 'empty' | 'gone';

/** The sweeper collects what its job did not within this time. */
const FIRST_WAKE_UP_MS = MINUTE_MS;

/**
 * Closes a period: counts what remains of it, stamps its roll-ups, issues what they came to, and
 * opens the next period at the same instant. Whoever comes second finds the period closed.
 */
export function closePeriod(deps: ClosePeriodDeps, periodId: string): Promise<CloseOutcome> {
  return inTransaction(deps, async (tx) => {
    const { db } = tx;
    const now = deps.clock.now();
    const period = await lockOpenPeriod(db, periodId);
    if (!period) return 'gone';
    const { tenantId, currency, endsAt, timeZone } = period;
    await rollUp(db, { tenantId, before: endsAt, wait: true });
    const rollups = isCollected(period)
      ? await lockOpenRollups(db, { tenantId, currency, beforeDay: localDate(endsAt, timeZone) })
      : [];
    await db.billingPeriod.update({ where: { id: periodId }, data: { closedAt: now } });
    await openPeriod(db, tenantId, endsAt);
    if (rollups.length === 0) return 'empty';

    const invoice = await issueInvoice(db, period, rollups, now);
    if (invoice.document === 'stripe') tx.enqueue(collectInvoice, { invoiceId: invoice.id });
    await notifyOfUsage(tx, { period, rollups, invoice, now });
    return 'billed';
  });
}

/** While nobody collects from a postpaid tenant, its usage stays open: the first invoice that can be paid takes it. */
function isCollected({ paymentTerms, collection }: OpenPeriod): boolean {
  return paymentTerms === 'prepaid' || collection !== 'none';
}

async function issueInvoice(db: Db, period: OpenPeriod, rollups: readonly StampedRollup[], now: Date) {
  const { id: periodId, tenantId, currency, startsAt, timeZone } = period;
  const usageMicros = rollups.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
  const owedMicros = await owedFor(db, period, usageMicros);
  const document = owedMicros > 0n ? ('stripe' as const) : ('statement' as const);
  const invoice = {
    id: newId(),
    tenantId,
    periodId,
    kind: 'usage' as const,
    document,
    currency,
    usageMicros,
    settlesMicros: owedMicros,
    totalMinor: roundToMinorUnits(owedMicros, currency),
    issuedAt: now,
    wakeAt: document === 'stripe' ? new Date(now.getTime() + FIRST_WAKE_UP_MS) : null,
  };
  const firstDay = localDate(startsAt, timeZone);
  const lines = buildLines({ rollups, firstDay, currency, usageMicros, owedMicros });
  await insertInvoice(db, invoice, lines);
  await stampRollups(
    db,
    rollups.map(({ id }) => id),
    invoice.id,
  );
  return { ...invoice, lines };
}

/** Prepaid usage was paid when it was captured; postpaid usage is owed as far as credit did not cover it. */
async function owedFor(db: Db, period: OpenPeriod, usageMicros: bigint): Promise<bigint> {
  const { tenantId, currency, paymentTerms } = period;
  if (paymentTerms === 'prepaid') return 0n;
  const [account] = await lockAccounts(db, [{ tenantId, currency }]);
  const unsettledMicros = await sumUnsettled(db, tenantId, currency);
  const owedMicros = whatIsOwed({
    usageMicros,
    balanceMicros: account?.balanceMicros ?? 0n,
    unsettledMicros,
  });
  // Less than half a minor unit cannot be asked for: it stays on the account.
  return roundToMinorUnits(owedMicros, currency) === 0n ? 0n : owedMicros;
}
