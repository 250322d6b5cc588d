import { expect, test } from 'vitest';
import type { StampedRollup } from '../rollups.ts';
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

const source = { firstDay: '2026-03-01', currency: 'CZK', meterNames: new Map<string, string>() };

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

test('what has no price is counted only and makes no line, but a free SMS does', () => {
  const free = { unitPriceMicros: 0n, amountMicros: 0n };
  const rollups = [rollup(), rollup({ meter: 'sms_received', country: '', ...free }), rollup(free)];
  expect(buildLines({ ...source, rollups }).map(({ description }) => description)).toEqual([
    'SMS to CZ at 1.50 CZK',
    'SMS to CZ at 0.00 CZK',
  ]);
});

test('another meter is a charge by the name that people know', () => {
  const meterNames = new Map([['storage_used_mb', 'Storage']]);
  const storage = rollup({ meter: 'storage_used_mb', country: '' });
  const rollups = [storage, { ...storage, day: '2026-02-28' }];
  expect(buildLines({ ...source, meterNames, rollups })).toMatchObject([
    { kind: 'charge', description: 'Storage at 1.50 CZK' },
    { kind: 'late_charge', description: 'Storage at 1.50 CZK, late from 2026-02-28' },
  ]);
});

test('the days of a fee are one line, whatever each day’s share', () => {
  const day = (number: number, amountMicros: bigint) =>
    rollup({
      day: `2026-03-0${number}`,
      meter: 'fee:support',
      country: '',
      unitPriceMicros: amountMicros,
      quantity: 1n,
      amountMicros,
    });
  const meterNames = new Map([['fee:support', 'Support']]);
  const rollups = [day(1, 3n), day(2, 3n), day(3, 4n)];
  expect(buildLines({ ...source, meterNames, rollups })).toMatchObject([
    {
      kind: 'charge',
      quantity: 3n,
      unitPriceMicros: 0n,
      amountMicros: 10n,
      description: 'Support, 2026-03-01 to 2026-03-03 (3 days)',
    },
  ]);
});
