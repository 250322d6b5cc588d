import type { Country } from '@tollgate/shared/phone-numbers/country.ts';
import { parsePhoneNumber } from '@tollgate/shared/phone-numbers/parse-phone-number.ts';
import { invalidRequest } from '../problems/problem.ts';

/** The recipient in E.164 with its country. Throws a Problem for a number that cannot receive SMS. */
export function readRecipient(to: string, defaultCountry: string): { e164: string; country: Country } {
  const parsed = parsePhoneNumber(to, defaultCountry);
  if (parsed.ok) return parsed;
  throw invalidRequest([{ pointer: '#/to', detail: parsed.detail }]);
}
