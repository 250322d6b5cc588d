import { type CountryCode, isSupportedCountry } from 'libphonenumber-js/max';
import * as z from 'zod';

/** An ISO 3166-1 alpha-2 code in upper case of a country that has a numbering plan. */
export const Country = z.string().refine((code): code is CountryCode => isSupportedCountry(code), {
  error: 'expected an ISO 3166-1 alpha-2 country code in upper case, such as CZ',
});
export type Country = z.infer<typeof Country>;
