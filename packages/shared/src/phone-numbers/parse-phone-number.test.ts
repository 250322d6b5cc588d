import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Country } from './country.ts';
import { parsePhoneNumber } from './parse-phone-number.ts';

describe('a mobile number', () => {
  test.each([
    '777 123 456',
    '00420777123456',
    '420777123456',
    '+420777123456',
    ' +420 777-123-456 ',
    '+420 (777) 123456',
  ])('written %j in Czechia is one and the same', (input) => {
    expect(parsePhoneNumber(input, 'CZ')).toEqual({ ok: true, e164: '+420777123456', country: 'CZ' });
  });

  test('keeps its own country whatever the default is', () => {
    expect(parsePhoneNumber('+421 905 123 456', 'CZ')).toEqual({
      ok: true,
      e164: '+421905123456',
      country: 'SK',
    });
  });

  test('is accepted where landlines and mobiles cannot be told apart', () => {
    expect(parsePhoneNumber('(212) 555-0123', 'US')).toMatchObject({ ok: true, e164: '+12125550123' });
  });

  test('parses to itself once it is E.164', () => {
    const czechMobiles = fc.integer({ min: 601_000_000, max: 608_999_999 });
    fc.assert(
      fc.property(czechMobiles, fc.constantFrom('CZ', 'SK', 'US', 'DE'), (national, country) => {
        const e164 = `+420${national}`;
        expect(parsePhoneNumber(e164, country)).toEqual({ ok: true, e164, country: 'CZ' });
      }),
    );
  });
});

describe('refused', () => {
  test.each([
    ['a trunk zero, which Czechia does not have', '0777 123 456', 'invalid'],
    ['a number that is too short to exist', '777 123', 'invalid'],
    ['a landline', '222 111 222', 'not_mobile'],
    ['a premium number', '900 123 456', 'not_mobile'],
    ['a freephone number', '800 123 456', 'not_mobile'],
    ['a number with an extension', '+420777123456 ext. 12', 'invalid'],
    ['a satellite phone, which has no country', '+881 6 1234 5678', 'invalid'],
    ['a country code that does not exist', '+999123456789', 'not_a_number'],
    ['nothing', '', 'not_a_number'],
    ['a word', 'STOP', 'not_a_number'],
    ['a sentence around a number', 'call 777 123 456 now', 'not_a_number'],
    ['far too many digits', '+420'.padEnd(40, '7'), 'not_a_number'],
  ])('is %s', (_name, input, reason) => {
    expect(parsePhoneNumber(input, 'CZ')).toMatchObject({ ok: false, reason });
  });

  test('numbers say why', () => {
    expect(parsePhoneNumber('900 123 456', 'CZ')).toMatchObject({
      detail: 'not a mobile number: its range in CZ is premium rate',
    });
  });

  test('input never throws, and what is accepted is E.164', () => {
    const inputs = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'+0123456789 ()-') }));
    fc.assert(
      fc.property(inputs, (input) => {
        const parsed = parsePhoneNumber(input, 'CZ');
        if (parsed.ok) expect(parsed.e164).toMatch(/^\+[1-9]\d{6,14}$/);
      }),
    );
  });

  test('is a default country that does not exist, as a mistake of the caller', () => {
    expect(() => parsePhoneNumber('777 123 456', 'XX')).toThrow(RangeError);
  });
});

test('a country is an upper-case code with a numbering plan', () => {
  expect(Country.parse('CZ')).toBe('CZ');
  for (const code of ['cz', 'XX', 'CZE', '']) expect(Country.safeParse(code).success).toBe(false);
});
