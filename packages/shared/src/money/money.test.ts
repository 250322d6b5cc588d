import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Currency,
  formatMicros,
  formatMoney,
  InvalidDecimalError,
  minorUnits,
  minorUnitsToMicros,
  parseDecimalToMicros,
} from './money.ts';

const LARGEST = 999_999_999_999_999_999n;
const amounts = fc.bigInt({ min: -LARGEST, max: LARGEST });

describe('decimal strings', () => {
  test.each([
    [1_500_000n, '1.50'],
    [62_500n, '0.0625'],
    [-3_000_000n, '-3.00'],
    [0n, '0.00'],
    [1n, '0.000001'],
    [-1n, '-0.000001'],
    [100_000n, '0.10'],
    [9_223_372_036_854_775_807n, '9223372036854.775807'],
  ])('%d micros are written %s', (micros, text) => {
    expect(formatMicros(micros)).toBe(text);
  });

  test('every amount survives the way through a decimal string', () => {
    fc.assert(
      fc.property(amounts, (micros) => {
        expect(parseDecimalToMicros(formatMicros(micros))).toBe(micros);
      }),
    );
  });

  test('there are always two decimals, and a zero after them never ends the string', () => {
    fc.assert(
      fc.property(amounts, (micros) => {
        expect(formatMicros(micros)).toMatch(/^-?\d+\.(\d{2}|\d{2,5}[1-9])$/);
      }),
    );
  });

  test.each([
    ['1', 1_000_000n],
    ['1.5', 1_500_000n],
    ['-0.0625', -62_500n],
    ['-0', 0n],
    ['999999999999.999999', LARGEST],
  ])('"%s" is read', (text, micros) => {
    expect(parseDecimalToMicros(text)).toBe(micros);
  });

  test.each([
    ...['', ' ', '.5', '1.', '+1', '01', '1,5', '1e3', ' 1', '1 ', '1\n', '--1', '1.0000001', '١', 'NaN'],
    '1000000000000',
  ])('"%s" is refused rather than guessed', (text) => {
    expect(() => parseDecimalToMicros(text)).toThrow(InvalidDecimalError);
  });
});

describe('currencies', () => {
  test.each(['CZK', 'EUR', 'USD', 'CHF', 'JPY', 'KWD'])('%s is accepted', (code) => {
    expect(Currency.parse(code)).toBe(code);
  });

  test.each(['czk', 'Eur', 'CSK', 'XXX', 'ABC', 'CZ', '', 'CZK '])('"%s" is refused', (code) => {
    expect(Currency.safeParse(code).error?.issues[0]?.message).toContain('ISO 4217');
  });

  // ISO 4217 list one, including those where the locale data prefers the decimals people write.
  test.each([
    ...[['JPY', 0] as const, ['CZK', 2] as const, ['KWD', 3] as const],
    ...[['HUF', 2] as const, ['RSD', 2] as const, ['ISK', 0] as const, ['IQD', 3] as const],
  ])('%s has %d minor decimals', (currency, decimals) => {
    expect(minorUnits(currency)).toBe(decimals);
  });

  test('the currencies without two decimals are exactly those of ISO 4217', () => {
    const byDecimals = Object.groupBy(Intl.supportedValuesOf('currency'), minorUnits);
    expect(byDecimals[0]?.join(' ')).toBe('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF');
    expect(byDecimals[3]?.join(' ')).toBe('BHD IQD JOD KWD LYD OMR TND');
    expect(Object.keys(byDecimals)).toEqual(['0', '2', '3']);
  });

  test('minor units become micros exactly', () => {
    expect(minorUnitsToMicros(150n, 'CZK')).toBe(1_500_000n);
    expect(minorUnitsToMicros(-2n, 'JPY')).toBe(-2_000_000n);
    expect(minorUnitsToMicros(1n, 'KWD')).toBe(1_000n);
  });
});

describe('money for people', () => {
  const show = (amountMicros: bigint, currency: string, locale: string) =>
    formatMoney({ amountMicros, currency }, locale).replaceAll(/\s/g, ' ');

  test('the locale decides the notation', () => {
    expect(show(1_234_500_000n, 'CZK', 'cs')).toBe('1 234,50 Kč');
    expect(show(-1_234_500_000n, 'EUR', 'en')).toBe('-€1,234.50');
  });

  test('the currency decides the least decimals', () => {
    expect(show(5_000_000n, 'JPY', 'en')).toBe('¥5');
    expect(show(5_000_000n, 'KWD', 'en')).toBe('KWD 5.000');
  });

  test('a price finer than the minor unit is shown whole', () => {
    expect(show(62_500n, 'USD', 'en')).toBe('$0.0625');
  });

  test('no digit is lost beyond the precision of a float', () => {
    expect(show(9_007_199_254_740_993_000_001n, 'USD', 'en')).toBe('$9,007,199,254,740,993.000001');
    fc.assert(
      fc.property(amounts, (micros) => {
        const text = show(micros, 'USD', 'en').replaceAll(/[$,]/g, '');
        expect(parseDecimalToMicros(text)).toBe(micros);
      }),
    );
  });
});
