import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { Problem } from '../problems/problem.ts';

/** Throws the Problem that says that the caller's settings do not name the recipient's country. */
export function checkCountryAllowed({ allowedCountries }: Caller, country: string): void {
  if (allowedCountries.length === 0 || allowedCountries.includes(country)) return;
  const detail = `the settings of this account do not allow messages to ${country}`;
  throw new Problem('country_not_allowed', detail, { errors: [{ pointer: '#/to', detail }] });
}
