import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { z } from 'zod';
import { cutPage } from '../pagination/page.ts';
import {
  type MeterPricesQuery,
  type MeterPricesView,
  meterPriceCursor,
  viewMeterPrice,
} from './meter-views.ts';

/** Prices of meters that fit the filters, those that begin last first. */
export async function listMeterPriceRows(
  db: Db,
  { meter, currency, plan, tenantId, at, limit, cursor: after }: z.infer<typeof MeterPricesQuery>,
): Promise<z.infer<typeof MeterPricesView>> {
  const rows = await db.meterPrice.findMany({
    where: {
      ...(meter && { meter }),
      ...(currency && { currency }),
      ...(plan && { planId: plan }),
      ...(tenantId && { tenantId }),
      AND: [
        at ? { validFrom: { lte: at }, OR: [{ validUntil: null }, { validUntil: { gt: at } }] } : {},
        after
          ? {
              OR: [
                { validFrom: { lt: after.validFrom } },
                { validFrom: after.validFrom, id: { lt: after.id } },
              ],
            }
          : {},
      ],
    },
    orderBy: [{ validFrom: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    prices: page.map(viewMeterPrice),
    hasMore: continueAfter !== null,
    nextCursor:
      continueAfter &&
      meterPriceCursor.after({ validFrom: continueAfter.validFrom.toISOString(), id: continueAfter.id }),
  };
}
