import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineAmount, shortestDecimal, truncate, wholeOrNull } from './decimal.ts';

describe('the amount of a line', () => {
  it.each([
    ['87.5', '1201', 105_088],
    ['0.05', '30', 2],
    ['6.5', '1', 7],
    ['-6.5', '1', -7],
    ['0.4', '1', 0],
    ['150', '0', 0],
    ['0.000000000001', '0.000000000001', 0],
    ['33.333333333333', '3', 100],
  ])('of %s times %s is %i', (unit, quantity, amount) => {
    expect(lineAmount(unit, quantity)).toBe(amount);
  });

  it('is the nearest whole number, whatever the places', () => {
    const tenthousandths = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(tenthousandths, fc.integer({ min: 0, max: 100_000 }), (units, quantity) => {
        const sign = units < 0 ? '-' : '';
        const size = String(Math.abs(units)).padStart(5, '0');
        const amount = lineAmount(`${sign}${size.slice(0, -4)}.${size.slice(-4)}`, String(quantity));
        expect(Math.abs(amount * 10_000 - units * quantity)).toBeLessThanOrEqual(5_000);
      }),
    );
  });
});

describe('a decimal number', () => {
  it('is written as short as it can be', () => {
    expect(['1.50', '10', '007', '0.0', '-1.20', '100'].map(shortestDecimal)).toEqual([
      '1.5',
      '10',
      '7',
      '0',
      '-1.2',
      '100',
    ]);
  });

  it('is whole or null, and can lose its fraction', () => {
    expect(['6.00', '6.5'].map(wholeOrNull)).toEqual([6, null]);
    expect(['6.9', '12'].map(truncate)).toEqual([6, 12]);
  });
});
