import { leaveCrossing, openCrossing } from '@tollgate/shared/alerts/crossings.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { notifyTenant } from '@tollgate/shared/notifications/notify-tenant.ts';
import { closePeriods } from '@tollgate/shared/queues/catalog.ts';
import {
  inTransaction,
  type Transaction,
  type TransactionDeps,
} from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { measureThreshold, type ThresholdMeasure } from '@tollgate/shared/usage/measure-threshold.ts';
import { type OpenThreshold, readThresholds } from '@tollgate/shared/usage/read-thresholds.ts';

export type WatchThresholdsDeps = TransactionDeps & { clock: Clock };

const kind = 'threshold';
const TENANTS_AT_A_TIME = 500;

/** Looks whether a tenant's usage has reached the line that ends its period. Looking twice is harmless. */
export async function watchThreshold(deps: WatchThresholdsDeps, tenantId: string): Promise<void> {
  await inTransaction(deps, async (tx) => {
    const [threshold] = await readThresholds(tx.db, { tenantId, limit: 1 });
    if (threshold) await judge(tx, threshold, deps.clock.now());
  });
}

/** Looks at every tenant, for wake-ups that were lost; returns how many periods are to be closed. */
export async function sweepThresholds(tx: Transaction, now: Date): Promise<number> {
  let reached = 0;
  let after: string | null = null;
  for (;;) {
    const thresholds: OpenThreshold[] = await readThresholds(tx.db, { after, limit: TENANTS_AT_A_TIME });
    for (const threshold of thresholds) if (await judge(tx, threshold, now)) reached += 1;
    after = thresholds.at(-1)?.tenantId ?? null;
    if (thresholds.length < TENANTS_AT_A_TIME) break;
  }
  await leaveAbandoned(tx, now);
  return reached;
}

/** Tells of lines that were crossed, and asks for the period to be closed once it has come to all of it. */
async function judge(tx: Transaction, threshold: OpenThreshold, now: Date): Promise<boolean> {
  const { tenantId } = threshold;
  const measure = measureThreshold(threshold);
  if (!measure) return false;
  await tellCrossings(tx, threshold, measure, now);
  if (measure.percent < 100 || !threshold.isCollected) return false;
  tx.enqueue(closePeriods, { trigger: kind, tenantId }, { deduplicationId: `${kind} ${tenantId}` });
  return true;
}

/** One mail per look, of the highest line that is newly crossed; a line that was left can be crossed again. */
async function tellCrossings(
  tx: Transaction,
  threshold: OpenThreshold,
  { percent, unit }: ThresholdMeasure,
  now: Date,
): Promise<void> {
  const { tenantId } = threshold;
  const content = { percent, ...describe(threshold, unit) };
  let crossed: string | null = null;
  for (const line of [80, 100]) {
    const crossing = { tenantId, kind, line: String(line) } as const;
    if (percent < line) await leaveCrossing(tx.db, crossing, now);
    else crossed = (await openCrossing(tx.db, { ...crossing, detail: content }, now)) ?? crossed;
  }
  if (crossed !== null) await notifyTenant(tx, { tenantId, subjectId: crossed, kind, content }, now);
}

function describe(
  { usageMicros, thresholdMicros, segments, thresholdSegments, currency }: OpenThreshold,
  unit: ThresholdMeasure['unit'],
): { usage: string; threshold: string; currency: string | null } {
  return unit === 'money'
    ? { usage: formatMicros(usageMicros), threshold: formatMicros(thresholdMicros ?? 0n), currency }
    : { usage: String(segments), threshold: String(thresholdSegments), currency: null };
}

/** A tenant whose periods end otherwise by now stands before no line any more. */
async function leaveAbandoned({ db }: Transaction, now: Date): Promise<void> {
  await db.$executeRaw`
    UPDATE alert_crossings c SET left_at = ${now}
    WHERE c.kind = ${kind} AND c.left_at IS NULL AND NOT EXISTS (
      SELECT 1 FROM billing_periods p
      WHERE p.tenant_id = c.tenant_id AND p.closed_at IS NULL AND p.cadence = 'threshold')`;
}
