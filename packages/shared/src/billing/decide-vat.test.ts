import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideVat, type VatQuestion, vatOf } from './decide-vat.ts';

const rate = (
  country: string,
  rateBps: number,
  validFrom = '2026-01-01',
  validUntil: string | null = null,
) => ({
  country,
  rateBps,
  validFrom,
  validUntil,
});
const rates = [rate('CZ', 2100), rate('DE', 1900), rate('SK', 2300), rate('CH', 810), rate('LI', 810)];

const ask = (overrides: Partial<VatQuestion['payer']> = {}, rest: Partial<VatQuestion> = {}) =>
  decideVat({
    issuer: { country: 'CZ', isVatPayer: true, vatRegistrations: [] },
    payer: { country: 'CZ', vatId: null, vatIdValid: null, ...overrides },
    taxPointOn: '2026-03-31',
    rates,
    ...rest,
  });

const standard = (rateBps: number) => ({ treatment: 'standard', rateBps });
const reverseCharge = { treatment: 'reverse_charge', rateBps: 0 };
const outside = { treatment: 'outside', rateBps: 0 };
const registered = (...vatRegistrations: string[]) => ({
  issuer: { country: 'CZ', isVatPayer: true, vatRegistrations },
});

describe('a Czech issuer asks', () => {
  test.each([
    ['at home, even a business with a VAT id', { vatId: 'CZ12345678', vatIdValid: true }, standard(2100)],
    ['a payer whose country nobody knows', { country: null }, standard(2100)],
    [
      'a business of another member state',
      { country: 'DE', vatId: 'DE123456789', vatIdValid: true },
      reverseCharge,
    ],
    ['a Greek business', { country: 'DE', vatId: 'EL123456789', vatIdValid: true }, reverseCharge],
    ['a consumer of another member state', { country: 'DE' }, standard(1900)],
    ['a VAT id that nobody has checked', { country: 'DE', vatId: 'DE123456789' }, standard(1900)],
    ['a VAT id that is wrong', { country: 'DE', vatId: 'DE1', vatIdValid: false }, standard(1900)],
    ['a VAT id of its own country', { country: 'DE', vatId: 'CZ12345678', vatIdValid: true }, standard(1900)],
    [
      'a VAT id of no member state',
      { country: 'DE', vatId: 'CHE123456789', vatIdValid: true },
      standard(1900),
    ],
    ['a customer elsewhere', { country: 'US', vatId: null }, outside],
    ['a Swiss one, without being registered there', { country: 'CH' }, outside],
  ])('%s', (_, payer, expected) => {
    expect(ask(payer)).toEqual(expected);
  });

  test.each(['CH', 'LI'])('in %s at its rate once registered there', (country) => {
    expect(ask({ country }, registered(country))).toEqual(standard(810));
  });

  test('nothing while it is not registered for VAT', () => {
    const issuer = { country: 'CZ', isVatPayer: false, vatRegistrations: [] };
    expect(ask({}, { issuer })).toEqual({ treatment: 'none', rateBps: 0 });
  });
});

test('the rate is that of the tax point', () => {
  const changed = [rate('CZ', 2100, '2026-01-01', '2026-04-01'), rate('CZ', 2300, '2026-04-01')];
  expect(ask({}, { rates: changed, taxPointOn: '2026-03-31' })).toEqual(standard(2100));
  expect(ask({}, { rates: changed, taxPointOn: '2026-04-01' })).toEqual(standard(2300));
});

test('a later row holds before an earlier one that nobody ended', () => {
  const changed = [rate('CZ', 2300, '2026-03-01'), rate('CZ', 2100)];
  expect(ask({}, { rates: changed })).toEqual(standard(2300));
});

test('a rate that is due and not known is an error, never nothing', () => {
  expect(() => ask({}, { taxPointOn: '2025-12-31' })).toThrow('no VAT rate of CZ is known for 2025-12-31');
  expect(() => ask({ country: 'FR' })).toThrow(RangeError);
});

test('tax is rounded half away from zero, once, and a credit note takes exactly as much back', () => {
  expect([vatOf(50n, 2100), vatOf(51n, 2100), vatOf(150n, 2100), vatOf(1n, 810)]).toEqual([
    11n,
    11n,
    32n,
    0n,
  ]);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 0, max: 3000 }), (net, bps) => {
      expect(vatOf(-net, bps)).toBe(-vatOf(net, bps));
      const distance = 2n * (vatOf(net, bps) * 10_000n - net * BigInt(bps));
      expect(distance <= 10_000n && distance > -10_000n).toBe(true);
    }),
  );
});
