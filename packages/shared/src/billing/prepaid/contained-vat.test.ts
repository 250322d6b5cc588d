import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vatOf } from '../decide-vat.ts';
import { containedVat } from './contained-vat.ts';

test.each([
  [12_100n, 2_100, 2_100n],
  [500n, 2_100, 87n],
  [1n, 2_100, 0n],
  [0n, 2_100, 0n],
  [-500n, 2_100, -87n],
  [500n, 0, 0n],
])('%s at %s basis points contains %s', (grossMinor, rateBps, expected) => {
  expect(containedVat(grossMinor, rateBps)).toBe(expected);
});

test('the base and the tax add up to the price, and the tax is that of the base but for rounding', () => {
  fc.assert(
    fc.property(
      fc.bigInt(-(10n ** 12n), 10n ** 12n),
      fc.integer({ min: 0, max: 2_700 }),
      (gross, rateBps) => {
        const vat = containedVat(gross, rateBps);
        const difference = vat - vatOf(gross - vat, rateBps);
        expect(difference >= -1n && difference <= 1n).toBe(true);
        expect(containedVat(-gross, rateBps)).toBe(-vat);
      },
    ),
  );
});
