import type { Barred, Counted } from './fit-within-guards.ts';
import type { GuardRules, LimitUnit } from './guard-rules.ts';
import { type GuardWindow, limitOf, windowKey } from './guard-windows.ts';

/** Percent of a limit at which people are told. */
export const crossingLines = [80, 100] as const;
export type CrossingLine = (typeof crossingLines)[number];

export type Crossing = GuardWindow & { line: CrossingLine; unit: LimitUnit; limitValue: bigint };

/**
 * The lines that adding `added` has crossed on the way to `total`. Recipients are left out: a limit per
 * recipient is reached all day long, and no alarm.
 */
export function decideCrossings(
  rules: GuardRules,
  window: GuardWindow,
  { added, total }: { added: Counted; total: Counted },
): Crossing[] {
  const limitValue = limitOf(rules, window);
  if (limitValue === null || window.guard === 'recipient_day') return [];
  const { unit } = rules;
  const after = unit === 'segments' ? total.segments : total.amountMicros;
  const before = after - (unit === 'segments' ? added.segments : added.amountMicros);
  const { tenantId, guard, subject, window: label, endsAt } = window;
  return crossingLines
    .filter((line) => before * 100n < limitValue * BigInt(line) && after * 100n >= limitValue * BigInt(line))
    .map((line) => ({ tenantId, guard, subject, window: label, endsAt, line, unit, limitValue }));
}

/** The limits that have no room any more for what they kept back; what can never fit says nothing of them. */
export function reachedBy(barred: readonly Barred<unknown>[]): Crossing[] {
  const full = barred.filter(({ neverFits, window }) => !neverFits && window.guard !== 'recipient_day');
  const byWindow = new Map(full.map((one) => [windowKey(one.window), one]));
  return [...byWindow.values()].map(({ window, limit, unit }) => ({
    ...window,
    line: 100,
    unit,
    limitValue: limit,
  }));
}
