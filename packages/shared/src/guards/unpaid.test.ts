import { describe, expect, test } from 'vitest';
import { DAY_MS } from '../time/durations.ts';
import { decideUnpaid, type UnpaidFacts } from './unpaid.ts';

const now = new Date('2026-03-31T09:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
const facts = (overrides: Partial<UnpaidFacts>): UnpaidFacts => ({
  currency: 'CZK',
  unpaidPolicy: 'block',
  unpaidAgeDays: null,
  unpaidMicros: null,
  unpaidSince: daysAgo(10),
  unpaidMinor: 100_000n,
  ...overrides,
});

describe('unpaid billings', () => {
  test('restrain nothing without a policy, without a line, or where nothing is owed', () => {
    const old = { unpaidAgeDays: 1 };
    expect(decideUnpaid(facts({ ...old, unpaidPolicy: 'off' }), now)).toBeNull();
    expect(decideUnpaid(facts({}), now)).toBeNull();
    expect(decideUnpaid(facts({ ...old, unpaidSince: null, unpaidMinor: null }), now)).toBeNull();
    expect(decideUnpaid(facts({ ...old, unpaidMinor: 0n }), now)).toBeNull();
  });

  test('restrain once they are older than the line, not on the day itself', () => {
    expect(decideUnpaid(facts({ unpaidAgeDays: 10 }), now)).toBeNull();
    const later = new Date(now.getTime() + 1);
    expect(decideUnpaid(facts({ unpaidAgeDays: 10 }), later)).toMatchObject({ effect: 'block', line: 'age' });
  });

  test('restrain once they are more than the line, in the currency’s own minor units', () => {
    expect(decideUnpaid(facts({ unpaidMicros: 1_000_000_000n }), now)).toBeNull();
    expect(decideUnpaid(facts({ unpaidMicros: 999_999_999n }), now)).toMatchObject({
      line: 'amount',
      owedMicros: 1_000_000_000n,
    });
    const yen = { currency: 'JPY', unpaidMicros: 99_999_000_000n };
    expect(decideUnpaid(facts(yen), now)).toMatchObject({ owedMicros: 100_000_000_000n });
  });

  test('only warn where that is the policy', () => {
    expect(decideUnpaid(facts({ unpaidPolicy: 'warn', unpaidAgeDays: 1 }), now)?.effect).toBe('warn');
  });
});
