import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addLocalDays, localDays, startOfLocalDay } from '../../time/local-time.ts';
import { daysOfFee, daysOfPlan, type Fee, type FeeSpan, shareOfDay } from './fee-days.ts';

const zone = 'Europe/Prague';
const midnight = (day: string) => startOfLocalDay(day, zone);

/** A span of whole local days, the last one included. */
const span = (firstDay: string, lastDay: string, overrides: Partial<FeeSpan> = {}): FeeSpan => ({
  firstDay,
  lastDay,
  timeZone: zone,
  startsAt: midnight(firstDay),
  endsAt: midnight(addLocalDays(lastDay, 1)),
  ...overrides,
});

const fee = (overrides: Partial<Fee> = {}): Fee => ({
  id: 'support',
  kind: 'monthly',
  name: 'Support',
  amountMicros: 100_000_000n,
  startsOn: '2026-01-01',
  endsOn: null,
  createdAt: new Date('2026-01-01T00:00:00Z'),
  ...overrides,
});

const always = [{ from: new Date(0), until: null }];
const sum = (days: readonly { amountMicros: bigint }[]) =>
  days.reduce((total, { amountMicros }) => total + amountMicros, 0n);

describe('a monthly fee', () => {
  test('comes to its amount in every month, to the micro', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.integer({ min: 2024, max: 2030 }),
        fc.integer({ min: 1, max: 12 }),
        (amountMicros, year, month) => {
          const first = `${year}-${String(month).padStart(2, '0')}-01`;
          const last = addLocalDays(addLocalDays(first, 31).slice(0, 8).concat('01'), -1);
          const shares = localDays(first, last).map((day) => shareOfDay(amountMicros, day));
          expect(shares.reduce((total, each) => total + each, 0n)).toBe(amountMicros);
          // No day is more than a micro dearer than another.
          const [least = 0n, most = 0n] = [shares.toSorted(order)[0], shares.toSorted(order).at(-1)];
          expect(most - least <= 1n).toBe(true);
        },
      ),
    );
  });

  test('is charged from its first day to the day before its end', () => {
    const days = daysOfFee(
      fee({ startsOn: '2026-03-10', endsOn: '2026-03-13' }),
      span('2026-03-01', '2026-03-31'),
      always,
    );
    expect(days.map(({ day }) => day)).toEqual(['2026-03-10', '2026-03-11', '2026-03-12']);
  });

  test('leaves out days on which the tenant was suspended from beginning to end, and no other', () => {
    const active = [
      { from: new Date(0), until: new Date('2026-03-10T12:00:00Z') },
      { from: new Date('2026-03-13T22:59:59.999Z'), until: null },
    ];
    const days = daysOfFee(fee(), span('2026-03-09', '2026-03-15'), active);
    expect(days.map(({ day }) => day.slice(8))).toEqual(['09', '10', '13', '14', '15']);
  });

  test('counts from the day of creation to the day of deletion', () => {
    const life = [{ from: new Date('2026-03-10T12:00:00Z'), until: new Date('2026-03-12T12:00:00Z') }];
    const days = daysOfFee(fee(), span('2026-03-01', '2026-03-31'), life);
    expect(days.map(({ day }) => day.slice(8))).toEqual(['10', '11', '12']);
  });

  test('that was entered late is charged from its first day on', () => {
    const entered = { createdAt: new Date('2026-03-20T00:00:00Z'), startsOn: '2026-02-27' };
    const days = daysOfFee(fee(entered), span('2026-03-01', '2026-03-02'), always);
    expect(days.map(({ day }) => day)).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
    const known = { ...entered, createdAt: new Date('2026-02-27T00:00:00Z') };
    expect(daysOfFee(fee(known), span('2026-03-01', '2026-03-02'), always)).toHaveLength(2);
  });

  test('waits for the rest of a suspended day that a threshold cut short', () => {
    const resumed = [{ from: new Date('2026-03-10T15:00:00Z'), until: null }];
    const cut = span('2026-03-10', '2026-03-10', { endsAt: new Date('2026-03-10T12:00:00Z') });
    expect(daysOfFee(fee(), cut, resumed)).toEqual([]);
    const rest = span('2026-03-10', '2026-03-10', { startsAt: new Date('2026-03-10T12:00:00Z') });
    expect(daysOfFee(fee(), rest, resumed)).toHaveLength(1);
  });
});

test('an add-on costs its price each day, a day with 23 hours too', () => {
  const days = daysOfFee(fee({ kind: 'daily', amountMicros: 7n }), span('2026-03-28', '2026-03-30'), always);
  expect(days.map(({ day, amountMicros }) => [day, amountMicros])).toEqual([
    ['2026-03-28', 7n],
    ['2026-03-29', 7n],
    ['2026-03-30', 7n],
  ]);
});

test('a set-up fee is charged once, on its first day', () => {
  const setup = fee({ kind: 'setup', startsOn: '2026-03-10' });
  expect(daysOfFee(setup, span('2026-03-01', '2026-03-31'), [])).toEqual([
    { meter: 'fee:support', day: '2026-03-10', amountMicros: 100_000_000n },
  ]);
  expect(daysOfFee(setup, span('2026-04-01', '2026-04-30'), [])).toEqual([]);
  expect(daysOfFee(setup, span('2026-02-01', '2026-02-28'), [])).toEqual([]);
});

test('a plan is charged by the day at the price that held when the day began', () => {
  const at = (day: string) => midnight(day);
  const plans = [
    { planId: 'starter', from: new Date(0) },
    { planId: 'pro', from: new Date('2026-04-10T12:00:00Z') },
  ];
  const prices = [
    { planId: 'starter', amountMicros: 30n, from: new Date(0), until: null },
    { planId: 'pro', amountMicros: 300n, from: new Date(0), until: at('2026-04-20') },
    { planId: 'pro', amountMicros: 600n, from: at('2026-04-20'), until: null },
  ];
  const days = daysOfPlan(span('2026-04-01', '2026-04-30'), always, plans, prices);
  expect(days).toHaveLength(30);
  // The day of the change is still the old plan's: ten days of it, nine of the new one, eleven at the new price.
  expect(sum(days.filter(({ meter }) => meter === 'plan:starter'))).toBe(10n);
  expect(sum(days.filter(({ meter }) => meter === 'plan:pro'))).toBe(9n * 10n + 11n * 20n);
});

function order(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
