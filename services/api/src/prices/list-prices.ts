import type { SmsPrice } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { storableText } from '../problems/storable-text.ts';
import { fitsPriceFilter, priceFilterParameters } from './price-filter.ts';

const timeline = defineTimeline('prices', 'validFrom');

export const PricesQuery = z.strictObject({
  ...priceFilterParameters,
  country: storableText(2).optional(),
  cursor: timeline.cursor.optional(),
});
export type PricesQuery = z.infer<typeof PricesQuery>;

export const PriceView = z
  .object({
    id: z.string().meta({ example: 'prc_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    currency: z.string(),
    country: z.string().nullable(),
    plan: z.string().nullable(),
    tenantId: z.string().nullable(),
    per: z.enum(['segment', 'message']),
    unitPrice: z.string().meta({ example: '1.50' }),
    validFrom: z.iso.datetime(),
    validUntil: z.iso.datetime().nullable(),
    createdBy: z.string(),
  })
  .meta({ id: 'Price' });

export const PricesView = z.object({ prices: z.array(PriceView), ...pageEnd }).meta({ id: 'Prices' });

/** SMS prices that fit the filters, those that begin last first. */
export async function listPriceRows(
  db: Db,
  { country, limit, cursor: after, ...filter }: PricesQuery,
): Promise<z.infer<typeof PricesView>> {
  const rows = await db.smsPrice.findMany({
    where: { AND: [fitsPriceFilter(filter), country ? { country } : {}, timeline.after(after)] },
    orderBy: timeline.orderBy,
    take: limit + 1,
  });
  const { page, end } = timeline.cut(rows, limit);
  return {
    prices: page.map(viewPrice),
    ...end,
  };
}

/** A price as operators see it. */
export function viewPrice(row: SmsPrice): z.infer<typeof PriceView> {
  return {
    id: toPublicId('prc', row.id),
    currency: row.currency,
    country: row.country,
    plan: row.planId,
    tenantId: row.tenantId && toPublicId('tnt', row.tenantId),
    per: row.per as 'segment' | 'message',
    unitPrice: formatMicros(row.unitPriceMicros),
    validFrom: row.validFrom.toISOString(),
    validUntil: row.validUntil?.toISOString() ?? null,
    createdBy: row.createdBy,
  };
}
