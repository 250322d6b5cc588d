import { describe, expect, test } from 'vitest';
import { checkTopUpAmount } from './top-up-limits.ts';

describe('a top-up', () => {
  test.each([
    ['the smallest', 100_000_000n, 10_000n],
    ['the largest', 100_000_000_000n, 10_000_000n],
    ['with hellers', 123_450_000n, 12_345n],
  ])('of %s amount fits', (_, micros, netMinor) => {
    expect(checkTopUpAmount(micros, 'CZK')).toEqual({ fits: true, netMinor });
  });

  test.each([
    ['one heller too small', 99_990_000n, 'CZK', 'too_small'],
    ['nothing', 0n, 'CZK', 'too_small'],
    ['less than nothing', -100_000_000n, 'CZK', 'too_small'],
    ['one heller too large', 100_000_010_000n, 'CZK', 'too_large'],
    ['with a part of a heller', 100_005_000n, 'CZK', 'fraction'],
    ['in a currency without limits', 100_000_000n, 'JPY', 'currency'],
  ])('%s does not fit', (_, micros, currency, reason) => {
    expect(checkTopUpAmount(micros, currency)).toMatchObject({ fits: false, reason });
  });
});
