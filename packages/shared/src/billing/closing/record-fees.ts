import type { Db } from '../../runtime/database.ts';
import { startOfLocalDay, utcDay } from '../../time/local-time.ts';
import { recordUsage } from '../../usage/record-usage.ts';
import type { OpenPeriod } from '../periods.ts';
import { daysOfFee, daysOfPlan, type Fee, type FeeDay, type FeeSpan, PLAN_PREFIX } from './fee-days.ts';
import { activeSpans, planSpans, type TenantLife } from './tenant-history.ts';

/**
 * Writes the days of fees and plan that the period is charged for as usage, each day once: the caller
 * holds the tenant's period, so nobody else writes any. Roll-ups, lines, voids and late lines then work
 * by themselves.
 */
export async function recordFees(
  db: Db,
  { period, span, life, now }: { period: OpenPeriod; span: FeeSpan; life: TenantLife; now: Date },
): Promise<void> {
  const { tenantId, currency, timeZone } = period;
  const active = activeSpans(life);
  const ofFees = (await readFees(db, period)).flatMap((fee) => daysOfFee(fee, span, active));
  const ofPlan =
    period.planFee === 'invoice'
      ? daysOfPlan(span, active, planSpans(life), await readPlanPrices(db, currency))
      : [];
  const days = await leaveOutCounted(db, tenantId, [...ofFees, ...ofPlan]);
  await recordUsage(
    db,
    days.map(({ meter, day, amountMicros }) => ({
      tenantId,
      meter,
      sourceId: day,
      quantity: 1n,
      currency,
      unitPriceMicros: amountMicros,
      amountMicros,
      country: '',
      campaign: null,
      occurredAt: startOfLocalDay(day, timeZone),
    })),
    now,
  );
}

async function readFees(db: Db, { tenantId, currency }: OpenPeriod): Promise<Fee[]> {
  const rows = await db.fee.findMany({ where: { tenantId, currency }, orderBy: { id: 'asc' } });
  return rows.map(({ id, kind, name, amountMicros, startsOn, endsOn, createdAt }) => ({
    id,
    kind: kind as Fee['kind'],
    name,
    amountMicros,
    startsOn: utcDay(startsOn),
    endsOn: endsOn && utcDay(endsOn),
    createdAt,
  }));
}

async function readPlanPrices(db: Db, currency: string) {
  const rows = await db.planPrice.findMany({
    where: { currency, interval: 'monthly' },
    orderBy: [{ validFrom: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ planId, amountMicros, validFrom, validUntil }) => ({
    planId,
    amountMicros,
    from: validFrom,
    until: validUntil,
  }));
}

/** A day of a fee counts once, and a day of any plan too, whichever that was. */
async function leaveOutCounted(db: Db, tenantId: string, days: readonly FeeDay[]): Promise<FeeDay[]> {
  if (days.length === 0) return [];
  const counted = await db.usageEvent.findMany({
    where: {
      tenantId,
      sourceId: { in: [...new Set(days.map(({ day }) => day))] },
      OR: [
        { meter: { in: [...new Set(days.map(({ meter }) => meter))] } },
        { meter: { startsWith: PLAN_PREFIX } },
      ],
    },
    select: { meter: true, sourceId: true },
  });
  const key = (meter: string, day: string) => `${meter.startsWith(PLAN_PREFIX) ? PLAN_PREFIX : meter} ${day}`;
  const known = new Set(counted.map(({ meter, sourceId }) => key(meter, sourceId)));
  return days.filter(({ meter, day }) => !known.has(key(meter, day)));
}
