import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { z } from 'zod';
import { fitsPriceFilter } from '../prices/price-filter.ts';
import {
  type MeterPricesQuery,
  type MeterPricesView,
  meterPriceTimeline,
  viewMeterPrice,
} from './meter-views.ts';

/** Prices of meters that fit the filters, those that begin last first. */
export async function listMeterPriceRows(
  db: Db,
  { meter, limit, cursor: after, ...filter }: z.infer<typeof MeterPricesQuery>,
): Promise<z.infer<typeof MeterPricesView>> {
  const rows = await db.meterPrice.findMany({
    where: { AND: [fitsPriceFilter(filter), meter ? { meter } : {}, meterPriceTimeline.after(after)] },
    orderBy: meterPriceTimeline.orderBy,
    take: limit + 1,
  });
  const { page, end } = meterPriceTimeline.cut(rows, limit);
  return {
    prices: page.map(viewMeterPrice),
    ...end,
  };
}
