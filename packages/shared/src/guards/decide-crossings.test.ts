import { expect, test } from 'vitest';
import { decideCrossings, reachedBy } from './decide-crossings.ts';
import type { Guard, GuardRules } from './guard-rules.ts';

const rules: GuardRules = {
  tenantId: 'a',
  timeZone: 'Europe/Prague',
  unit: 'segments',
  onReached: 'reject',
  minute: null,
  day: 10n,
  month: null,
  recipientDay: 1n,
  countryDay: {},
};
const windowOf = (guard: Guard) => ({
  tenantId: 'a',
  guard,
  subject: '',
  window: '2026-03-10',
  endsAt: new Date('2026-03-10T23:00:00Z'),
});
const counted = (segments: bigint) => ({ segments, amountMicros: segments * 2_000_000n });

test.each([
  [0n, 7n, []],
  [7n, 8n, [80]],
  [8n, 9n, []],
  [9n, 10n, [100]],
  [0n, 10n, [80, 100]],
])('from %s to %s of ten segments crosses the lines %j', (before, after, lines) => {
  const crossed = decideCrossings(rules, windowOf('day'), {
    added: counted(after - before),
    total: counted(after),
  });
  expect(crossed.map(({ line }) => line)).toEqual(lines);
});

test('money is measured in money', () => {
  const money = { ...rules, unit: 'money' as const, day: 10_000_000n };
  const crossed = decideCrossings(money, windowOf('day'), { added: counted(4n), total: counted(4n) });
  expect(crossed.map(({ line }) => line)).toEqual([80]);
});

test('a limit that there is not, or that is per recipient, is never told', () => {
  const all = { added: counted(20n), total: counted(20n) };
  expect(decideCrossings(rules, windowOf('month'), all)).toEqual([]);
  expect(decideCrossings(rules, windowOf('recipient_day'), all)).toEqual([]);
});

test('a limit that keeps something back is reached, unless only what is larger than itself came', () => {
  const barred = (guard: Guard, neverFits: boolean) => ({
    message: {},
    window: windowOf(guard),
    limit: 10n,
    unit: 'segments' as const,
    neverFits,
  });
  const told = reachedBy([barred('day', false), barred('day', false), barred('month', true)]);
  expect(told.map(({ guard, line }) => [guard, line])).toEqual([['day', 100]]);
  expect(reachedBy([barred('recipient_day', false)])).toEqual([]);
});
