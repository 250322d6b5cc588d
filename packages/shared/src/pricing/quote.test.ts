import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteMessage } from './quote.ts';

test('a price per segment is charged for each segment', () => {
  expect(quoteMessage({ per: 'segment', unitPriceMicros: 1_500_000n }, 3)).toEqual({
    unitPriceMicros: 1_500_000n,
    per: 'segment',
    quantity: 3,
    priceMicros: 4_500_000n,
  });
});

test('a price per message is charged once, however long the message is', () => {
  expect(quoteMessage({ per: 'message', unitPriceMicros: 62_500n }, 7)).toEqual({
    unitPriceMicros: 62_500n,
    per: 'message',
    quantity: 1,
    priceMicros: 62_500n,
  });
});

test('the total is always the quantity times the unit price, unrounded', () => {
  const prices = fc.record({
    per: fc.constantFrom('segment' as const, 'message' as const),
    unitPriceMicros: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  });
  fc.assert(
    fc.property(prices, fc.integer({ min: 1, max: 20 }), (price, segments) => {
      const quote = quoteMessage(price, segments);
      expect(quote.priceMicros).toBe(price.unitPriceMicros * BigInt(quote.quantity));
    }),
  );
});

test.each([0, -1, 1.5, Number.NaN])('a message of %d segments has no price', (segments) => {
  expect(() => quoteMessage({ per: 'message', unitPriceMicros: 1n }, segments)).toThrow(RangeError);
});
