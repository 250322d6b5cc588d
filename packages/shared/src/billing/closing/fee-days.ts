import { HOUR_MS } from '../../time/durations.ts';
import { addLocalDays, dayOfMonth, localDays, startOfLocalDay } from '../../time/local-time.ts';

/** What is paid for time; days are YYYY-MM-DD, `endsOn` exclusive. */
export type Fee = {
  id: string;
  kind: 'monthly' | 'setup' | 'daily';
  name: string;
  amountMicros: bigint;
  startsOn: string;
  endsOn: string | null;
  createdAt: Date;
};

/** A local day for which something is charged, once. */
export type FeeDay = { meter: string; day: string; amountMicros: bigint };

/** Instants between which a tenant was there and not suspended; `until` is null while it still is. */
export type ActiveSpan = { from: Date; until: Date | null };

/** The part of a period that is looked at: its first and last local day, both included. */
export type FeeSpan = { firstDay: string; lastDay: string; timeZone: string; startsAt: Date; endsAt: Date };

export const FEE_PREFIX = 'fee:';
export const PLAN_PREFIX = 'plan:';

/** Whether a meter counts the days of a fee or plan. */
export function isFeeMeter(meter: string): boolean {
  return meter.startsWith(FEE_PREFIX) || meter.startsWith(PLAN_PREFIX);
}

/**
 * The share of one day in a month's price. The shares of all days of a month add up to it exactly:
 * each is what has come together by the end of the day less what had by the end of the one before.
 */
export function shareOfDay(monthlyMicros: bigint, day: string): bigint {
  const { day: number, daysInMonth } = dayOfMonth(day);
  const until = (days: number) => (monthlyMicros * BigInt(days)) / BigInt(daysInMonth);
  return until(number) - until(number - 1);
}

/**
 * The days of a span on which the tenant was active for any moment before the span's end. A day that is
 * not over yet, because a threshold ended the period, is looked at again by the next one.
 */
export function activeDays(span: FeeSpan, active: readonly ActiveSpan[]): string[] {
  const { firstDay, lastDay, timeZone, endsAt } = span;
  return localDays(firstDay, lastDay).filter((day) => {
    const from = startOfLocalDay(day, timeZone);
    const dayEnd = startOfLocalDay(addLocalDays(day, 1), timeZone);
    const until = dayEnd < endsAt ? dayEnd : endsAt;
    return active.some((each) => each.from < until && (each.until === null || each.until > from));
  });
}

/** An entry that was being written while the last period was closed belongs to this one. */
const ENTRY_MS = HOUR_MS;

/**
 * The days that a fee is charged for in a span. A fee that was entered during the span, but begins
 * earlier, is charged from its first day on; a set-up fee once, whether the tenant is active or not.
 */
export function daysOfFee(fee: Fee, span: FeeSpan, active: readonly ActiveSpan[]): FeeDay[] {
  const { id, kind, amountMicros, startsOn, endsOn, createdAt } = fee;
  const isNew = createdAt.getTime() >= span.startsAt.getTime() - ENTRY_MS;
  const firstDay = isNew && startsOn < span.firstDay ? startsOn : span.firstDay;
  const meter = `${FEE_PREFIX}${id}`;
  if (kind === 'setup')
    return startsOn >= firstDay && startsOn <= span.lastDay ? [{ meter, day: startsOn, amountMicros }] : [];
  return activeDays({ ...span, firstDay }, active)
    .filter((day) => day >= startsOn && (endsOn === null || day < endsOn))
    .map((day) => ({
      meter,
      day,
      amountMicros: kind === 'monthly' ? shareOfDay(amountMicros, day) : amountMicros,
    }));
}

/** The plan a tenant was on, from an instant on. */
export type PlanSpan = { planId: string; from: Date };

/** A plan's monthly price, from an instant on; `until` is exclusive. */
export type PlanPrice = { planId: string; amountMicros: bigint; from: Date; until: Date | null };

/** The shares of the plan's monthly price: of the plan and at the price that held when each day began. */
export function daysOfPlan(
  span: FeeSpan,
  active: readonly ActiveSpan[],
  plans: readonly PlanSpan[],
  prices: readonly PlanPrice[],
): FeeDay[] {
  return activeDays(span, active).flatMap((day): FeeDay[] => {
    const at = startOfLocalDay(day, span.timeZone);
    const planId = latest(plans, at)?.planId ?? plans[0]?.planId;
    const price = latest(
      prices.filter((each) => each.planId === planId && (each.until === null || each.until > at)),
      at,
    );
    if (planId === undefined || !price) return [];
    const amountMicros = shareOfDay(price.amountMicros, day);
    return [{ meter: `${PLAN_PREFIX}${planId}`, day, amountMicros }];
  });
}

function latest<Span extends { from: Date }>(spans: readonly Span[], at: Date): Span | undefined {
  return spans
    .filter(({ from }) => from <= at)
    .reduce<Span | undefined>((best, span) => (best && best.from > span.from ? best : span), undefined);
}
