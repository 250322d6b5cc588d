import { formatMicros } from '@tollgate/shared/money/money.ts';
import { choosePrice, type PriceRow } from '@tollgate/shared/pricing/choose-price.ts';
import { listPrices } from '@tollgate/shared/pricing/list-prices.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { z } from 'zod';

const price = {
  unitPrice: z.string().meta({ example: '1.50' }),
  per: z.enum(['segment', 'message']),
};

export const CurrentPricesView = z
  .object({
    currency: z.string(),
    countries: z
      .array(z.object({ country: z.string(), ...price }))
      .meta({ description: 'Countries with a price of their own.' }),
    everyOther: z
      .object(price)
      .nullable()
      .meta({ description: 'For every other country; null where there is none, so nothing is sent there.' }),
  })
  .meta({ id: 'CurrentPrices', description: 'Before VAT.' });

/** No country has this code, so that only prices of any country hold for it. */
const NO_COUNTRY = '';

/** What the caller pays now, by country. */
export async function readCurrentPrices(
  db: Db,
  caller: Pick<Caller, 'tenantId' | 'planId' | 'currency'>,
  at: Date,
): Promise<z.infer<typeof CurrentPricesView>> {
  const { tenantId, currency } = caller;
  const rows = await listPrices(db, { currency, tenantIds: [tenantId], at });
  const holding = (country: string) => choosePrice(rows, { ...caller, country, at });
  const ours = rows.filter(({ planId }) => planId === null || planId === caller.planId);
  const countries = [...new Set(ours.flatMap(({ country }) => country ?? []))].toSorted();
  const everyOther = holding(NO_COUNTRY);
  return {
    currency,
    countries: countries.flatMap((country) => {
      const found = holding(country);
      return found ? [{ country, ...viewCurrent(found) }] : [];
    }),
    everyOther: everyOther && viewCurrent(everyOther),
  };
}

function viewCurrent({ unitPriceMicros, per }: PriceRow) {
  return { unitPrice: formatMicros(unitPriceMicros), per };
}
