import fc from 'fast-check';
import { expect, test } from 'vitest';
import { whatIsOwed } from './what-is-owed.ts';

test.each([
  ['without credit, the whole usage', { usageMicros: 10n, balanceMicros: -10n, unsettledMicros: 0n }, 10n],
  ['with own credit left, only the rest', { usageMicros: 10n, balanceMicros: -4n, unsettledMicros: 0n }, 4n],
  ['with more credit than usage, nothing', { usageMicros: 10n, balanceMicros: 3n, unsettledMicros: 0n }, 0n],
  [
    'beside an unpaid invoice, not that one again',
    { usageMicros: 10n, balanceMicros: -30n, unsettledMicros: 20n },
    10n,
  ],
  ['never more than was used', { usageMicros: 10n, balanceMicros: -50n, unsettledMicros: 0n }, 10n],
  [
    'for usage that was all taken back, nothing',
    { usageMicros: -5n, balanceMicros: -50n, unsettledMicros: 0n },
    0n,
  ],
])('%s', (_, debt, owed) => {
  expect(whatIsOwed(debt)).toBe(owed);
});

test('usage and payments in any order: nothing is asked for twice, nor more than was used', () => {
  const step = fc.record({
    used: fc.bigInt({ min: 0n, max: 100n }),
    bought: fc.bigInt({ min: 0n, max: 60n }),
    pays: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (periods) => {
      let balanceMicros = 0n;
      const unpaid: bigint[] = [];
      for (const { used, bought, pays } of periods) {
        balanceMicros += bought - used;
        const unsettledMicros = unpaid.reduce((sum, owed) => sum + owed, 0n);
        const owed = whatIsOwed({ usageMicros: used, balanceMicros, unsettledMicros });
        expect(owed >= 0n && owed <= used).toBe(true);
        // Whatever is asked for now and before never exceeds the debt, so paying it never turns into credit.
        if (owed > 0n) expect(unsettledMicros + owed <= -balanceMicros).toBe(true);
        unpaid.push(owed);
        if (pays) balanceMicros += unpaid.splice(0).reduce((sum, each) => sum + each, 0n);
      }
    }),
  );
});
