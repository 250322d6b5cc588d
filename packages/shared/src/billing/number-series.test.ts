import { expect, test } from 'vitest';
import { formatNumber, variableSymbol } from './number-series.ts';

test('a number names its series, year and place', () => {
  expect(formatNumber('INV', 2026, 1)).toBe('INV2026000001');
  expect(formatNumber('CN', 2027, 123_456)).toBe('CN2027123456');
});

test('its ten digits are the variable symbol, and never more than ten', () => {
  expect(variableSymbol('INV2026000042')).toBe('2026000042');
  expect(variableSymbol(formatNumber('INV', 2026, 1_000_000))).toHaveLength(10);
});
