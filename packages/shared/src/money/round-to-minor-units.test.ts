import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { microsPerMinorUnit, minorUnitsToMicros } from './money.ts';
import { roundToMinorUnits } from './round-to-minor-units.ts';

const amounts = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const currencies = fc.constantFrom('CZK', 'EUR', 'JPY', 'KWD', 'HUF');

test.each([
  [1_500_000n, 'CZK', 150n],
  [4_999n, 'CZK', 0n],
  [5_000n, 'CZK', 1n],
  [-4_999n, 'CZK', 0n],
  [-5_000n, 'CZK', -1n],
  [15_000n, 'CZK', 2n],
  [25_000n, 'CZK', 3n],
  [499_999n, 'JPY', 0n],
  [500_000n, 'JPY', 1n],
  [1_500n, 'KWD', 2n],
  [0n, 'CZK', 0n],
])('%d micros of %s are %d minor units', (micros, currency, minor) => {
  expect(roundToMinorUnits(micros, currency)).toBe(minor);
});

test('rounding moves an amount by at most half a minor unit', () => {
  fc.assert(
    fc.property(amounts, currencies, (micros, currency) => {
      const moved = minorUnitsToMicros(roundToMinorUnits(micros, currency), currency) - micros;
      expect(2n * (moved < 0n ? -moved : moved)).toBeLessThanOrEqual(microsPerMinorUnit(currency));
    }),
  );
});

test('a credit note cancels its invoice', () => {
  fc.assert(
    fc.property(amounts, currencies, (micros, currency) => {
      expect(roundToMinorUnits(-micros, currency)).toBe(-roundToMinorUnits(micros, currency));
    }),
  );
});

test('whole minor units are left as they are', () => {
  fc.assert(
    fc.property(amounts, currencies, (minor, currency) => {
      expect(roundToMinorUnits(minorUnitsToMicros(minor, currency), currency)).toBe(minor);
    }),
  );
});
