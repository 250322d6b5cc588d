import { isSupportedCountry, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { Country } from './country.ts';

export type ParsedPhoneNumber =
  | { ok: true; e164: string; country: Country }
  | { ok: false; reason: 'not_a_number' | 'invalid' | 'not_mobile'; detail: string };

/**
 * The E.164 form ("+420777123456") and country of a number that can receive SMS. Numbers without a
 * country code are read as dialled in the default country; the answer's country comes from the number.
 * Throws RangeError for a default country that does not exist.
 *
 * Number ranges age: validity is a filter against landlines and premium numbers, not a promise.
 */
export function parsePhoneNumber(input: string, defaultCountry: string): ParsedPhoneNumber {
  if (!isSupportedCountry(defaultCountry)) {
    throw new RangeError(`${JSON.stringify(defaultCountry)} is not a country with a numbering plan`);
  }
  // Without `extract: false` a number is found inside any sentence.
  const number = parsePhoneNumberFromString(input.trim(), { defaultCountry, extract: false });
  if (number === undefined) {
    return refuse('not_a_number', `not a phone number, neither international nor of ${defaultCountry}`);
  }
  if (number.ext !== undefined) return refuse('invalid', 'a number with an extension cannot receive SMS');
  if (!number.isValid()) return refuse('invalid', `no such number exists in ${placeOf(number)}`);
  return requireMobile(number);
}

// Types are only known with the library's full metadata (/max). In some countries, the United States
// among them, landlines and mobiles share their ranges and no metadata can tell them apart.
function requireMobile(number: PhoneNumber): ParsedPhoneNumber {
  const type = number.getType();
  if (type !== 'MOBILE' && type !== 'FIXED_LINE_OR_MOBILE') {
    const kind = (type ?? 'unknown').toLowerCase().replaceAll('_', ' ');
    return refuse('not_mobile', `not a mobile number: its range in ${placeOf(number)} is ${kind}`);
  }
  // Satellite and other global ranges have no country, therefore no price and no rules.
  if (number.country === undefined) return refuse('invalid', 'the number belongs to no country');
  return { ok: true, e164: number.number, country: number.country };
}

function placeOf(number: PhoneNumber): string {
  return number.country ?? `+${number.countryCallingCode}`;
}

function refuse(reason: 'not_a_number' | 'invalid' | 'not_mobile', detail: string): ParsedPhoneNumber {
  return { ok: false, reason, detail };
}
