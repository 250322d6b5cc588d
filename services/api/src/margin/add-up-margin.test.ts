import { describe, expect, test } from 'vitest';
import { addUpMargin, type MarginPart } from './add-up-margin.ts';

const part = (overrides: Partial<MarginPart>): MarginPart => ({
  key: 'CZ',
  currency: 'CZK',
  costCurrency: 'CZK',
  messages: 2,
  revenueMicros: 3_000_000n,
  costMicros: 2_000_000n,
  ...overrides,
});

describe('a margin', () => {
  test('is revenue less cost of the messages whose cost is known; the others are counted', () => {
    const unknown = part({ costCurrency: null, messages: 1, revenueMicros: 1_500_000n, costMicros: 0n });
    expect(addUpMargin([part({}), unknown])).toEqual([
      {
        key: 'CZ',
        currency: 'CZK',
        messages: 3,
        revenueMicros: 4_500_000n,
        marginMicros: 1_000_000n,
        costs: [{ currency: 'CZK', messages: 2, revenueMicros: 3_000_000n, costMicros: 2_000_000n }],
        withoutCost: { messages: 1, revenueMicros: 1_500_000n },
      },
    ]);
  });

  test('is not told where a cost is in another currency: nothing is converted', () => {
    const [margin] = addUpMargin([part({}), part({ costCurrency: 'EUR' })]);
    expect(margin).toMatchObject({ marginMicros: null, revenueMicros: 6_000_000n });
    expect(margin?.costs.map(({ currency, costMicros }) => [currency, costMicros])).toEqual([
      ['CZK', 2_000_000n],
      ['EUR', 2_000_000n],
    ]);
  });

  test('is not told where no cost is known, and kept apart by currency of the price', () => {
    const margins = addUpMargin([
      part({ costCurrency: null }),
      part({ currency: 'EUR', costCurrency: 'EUR' }),
    ]);
    expect(margins.map(({ currency, marginMicros }) => [currency, marginMicros])).toEqual([
      ['CZK', null],
      ['EUR', 1_000_000n],
    ]);
  });
});
