import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { netShares } from './net-shares.ts';

describe('the credit that refunds take', () => {
  test('is the part before tax', () => {
    const shares = netShares([{ id: 're_1', amount: 12_100, created: 1 }], {
      netMinor: 50_000n,
      grossMinor: 60_500n,
    });
    expect(shares.get('re_1')).toBe(10_000n);
  });

  test('adds up to what was credited when everything is refunded, however it is cut', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10_000_000n),
        fc.nat(3_000),
        fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 20 }),
        (netMinor, rateBps, cuts) => {
          const grossMinor = netMinor + (netMinor * BigInt(rateBps)) / 10_000n;
          const whole = cuts.reduce((sum, cut) => sum + cut, 0);
          let left = Number(grossMinor);
          const refunds = cuts.map((cut, index) => {
            const amount = index === cuts.length - 1 ? left : Math.floor((Number(grossMinor) * cut) / whole);
            left -= amount;
            return { id: `re_${String(index).padStart(3, '0')}`, amount, created: 1 };
          });
          const shares = [...netShares(refunds, { netMinor, grossMinor }).values()];
          expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(netMinor);
          expect(shares.every((share) => share >= 0n)).toBe(true);
        },
      ),
    );
  });
});
