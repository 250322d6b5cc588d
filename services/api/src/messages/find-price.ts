import type { Country } from '@tollgate/shared/phone-numbers/country.ts';
import { choosePrice, type PriceRow } from '@tollgate/shared/pricing/choose-price.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { invalidRequest } from '../problems/problem.ts';

/** The price that holds for the caller in that country. Throws a Problem where the list has none. */
export function findPrice(prices: readonly PriceRow[], caller: Caller, country: Country, at: Date): PriceRow {
  const price = choosePrice(prices, { ...caller, country, at });
  if (price) return price;
  throw invalidRequest([
    { pointer: '#/to', detail: `there is no price for ${country} in ${caller.currency}` },
  ]);
}
