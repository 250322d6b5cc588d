import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import { chooseMeterPrice } from '@tollgate/shared/usage/choose-meter-price.ts';
import { listMeterPrices } from '@tollgate/shared/usage/list-meter-prices.ts';
import { aggregations } from '@tollgate/shared/usage/meters.ts';
import { z } from 'zod';
import { readUsageTotals, UsageTotalsQuery, UsageTotalsView } from './usage-totals.ts';

export const MeterUsageQuery = UsageTotalsQuery.omit({ meter: true });

export const MeterUsageView = UsageTotalsView.extend({
  meter: z.object({
    id: z.string(),
    name: z.string(),
    unit: z.string(),
    aggregation: z.enum(aggregations).meta({
      description: 'How a day’s events become its quantity: added up, the highest, or the latest.',
    }),
    unitPrice: z.string().nullable().meta({
      description:
        'What a unit costs now, before VAT; null where it is counted only, and for SMS, which has a price list.',
    }),
  }),
}).meta({ id: 'MeterUsage' });

/** What the caller used of one meter; null where there is no such meter. */
export async function readMeterUsage(
  db: Db,
  caller: Pick<Caller, 'tenantId' | 'planId' | 'currency'>,
  meterId: string,
  query: z.infer<typeof MeterUsageQuery>,
  now: Date,
): Promise<z.infer<typeof MeterUsageView> | null> {
  const row = await db.meter.findUnique({ where: { id: meterId } });
  if (!row) return null;
  const { tenantId } = caller;
  const prices = await listMeterPrices(db, { meters: [row.id], tenantIds: [tenantId], from: now, to: now });
  const price = chooseMeterPrice(prices, { ...caller, meter: row.id, at: now });
  const totals = await readUsageTotals(db, tenantId, { ...query, meter: row.id }, now);
  return {
    ...totals,
    meter: {
      id: row.id,
      name: row.name,
      unit: row.unit,
      aggregation: row.aggregation as (typeof aggregations)[number],
      unitPrice: price && formatMicros(price.unitPriceMicros),
    },
  };
}
