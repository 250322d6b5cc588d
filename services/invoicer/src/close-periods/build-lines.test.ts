import type { StampedRollup } from '@tollgate/shared/billing/rollups.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildLines } from './build-lines.ts';

const rollup = (overrides: Partial<StampedRollup> = {}): StampedRollup => ({
  id: 'r',
  day: '2026-03-05',
  meter: 'sms_sent',
  country: 'CZ',
  unitPriceMicros: 1_500_000n,
  eventCount: 2n,
  quantity: 3n,
  amountMicros: 4_500_000n,
  ...overrides,
});

const source = { firstDay: '2026-03-01', currency: 'CZK', usageMicros: 9_000_000n, owedMicros: 9_000_000n };

test('days of one country and price become one line', () => {
  const lines = buildLines({ ...source, rollups: [rollup(), rollup({ day: '2026-03-06' })] });
  expect(lines).toMatchObject([
    { kind: 'usage', quantity: 6n, amountMicros: 9_000_000n, description: 'SMS to CZ at 1.50 CZK' },
  ]);
});

test('usage of an earlier period stands apart and says so', () => {
  const lines = buildLines({ ...source, rollups: [rollup(), rollup({ day: '2026-02-28' })] });
  expect(lines.map(({ kind, description }) => [kind, description])).toEqual([
    ['usage', 'SMS to CZ at 1.50 CZK'],
    ['late_usage', 'SMS to CZ at 1.50 CZK, late from 2026-02-28'],
  ]);
});

test('what the tenant’s own credit covered is a line of its own', () => {
  const lines = buildLines({ ...source, rollups: [rollup(), rollup()], owedMicros: 2_000_000n });
  expect(lines.at(-1)).toMatchObject({ kind: 'covered_by_credit', amountMicros: -7_000_000n });
});

test('what has no price is counted only and makes no line, but a free SMS does', () => {
  const free = { unitPriceMicros: 0n, amountMicros: 0n };
  const rollups = [rollup(), rollup({ meter: 'sms_received', country: '', ...free }), rollup(free)];
  const lines = buildLines({ ...source, rollups, usageMicros: 4_500_000n, owedMicros: 4_500_000n });
  expect(lines.map(({ description }) => description)).toEqual([
    'SMS to CZ at 1.50 CZK',
    'SMS to CZ at 0.00 CZK',
  ]);
});

test('lines always add up to what is owed', () => {
  const anyRollup = fc.record({
    id: fc.uuid(),
    day: fc.constantFrom('2026-02-27', '2026-03-01', '2026-03-31'),
    meter: fc.constantFrom('sms_sent', 'api_request'),
    country: fc.constantFrom('CZ', 'SK', ''),
    unitPriceMicros: fc.bigInt({ min: 0n, max: 5n }),
    eventCount: fc.bigInt({ min: 1n, max: 9n }),
    quantity: fc.bigInt({ min: -9n, max: 9n }),
    amountMicros: fc.bigInt({ min: -90n, max: 90n }),
  });
  fc.assert(
    fc.property(fc.array(anyRollup), fc.bigInt({ min: 0n, max: 100n }), (rollups, owedMicros) => {
      const usageMicros = rollups.reduce((sum, { amountMicros }) => sum + amountMicros, 0n);
      const lines = buildLines({ ...source, rollups, usageMicros, owedMicros });
      expect(lines.reduce((sum, { amountMicros }) => sum + amountMicros, 0n)).toBe(owedMicros);
    }),
  );
});
