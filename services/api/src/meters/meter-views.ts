import type { Meter, MeterPrice } from '@tollgate/shared/generated/prisma/client.ts';
import { publicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { Currency, formatMicros } from '@tollgate/shared/money/money.ts';
import { aggregations } from '@tollgate/shared/usage/meters.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { priceFilterParameters } from '../prices/price-filter.ts';
import { amountOfPrice, validity } from '../prices/price-request.ts';
import { storableText } from '../problems/storable-text.ts';

/** Addresses of usage that a meter's name would hide. */
const TAKEN_NAMES = ['events'];

const aggregation = z.enum(aggregations).meta({
  description:
    'How a day’s events become its quantity: added up, the highest, or the latest. It never changes.',
});

export const MeterRequest = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,62}$/, {
        error: 'must be lower-case letters, digits and _, such as pages_printed',
      })
      .refine((id) => !TAKEN_NAMES.includes(id) && !id.startsWith('sms_'), { error: 'is taken' })
      .meta({ example: 'pages_printed' }),
    name: storableText(100).meta({ example: 'Pages printed' }),
    unit: storableText(30).meta({ example: 'page' }),
    aggregation: aggregation.default('sum'),
  })
  .meta({ id: 'MeterRequest' });

export const MeterView = z
  .object({
    id: z.string(),
    name: z.string(),
    unit: z.string(),
    aggregation,
    isInternal: z.boolean().meta({ description: 'Recorded by the gateway itself, never through the API.' }),
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
  })
  .meta({ id: 'Meter' });

export const MetersView = z.object({ meters: z.array(MeterView) }).meta({ id: 'Meters' });

export const meterPriceTimeline = defineTimeline('meter-prices', 'validFrom');

export const MeterPricesQuery = z.strictObject({
  ...priceFilterParameters,
  meter: storableText(63).optional(),
  cursor: meterPriceTimeline.cursor.optional(),
});

export const MeterPriceRequest = z
  .strictObject({
    meter: storableText(63).meta({ example: 'call_made' }),
    currency: Currency.meta({ example: 'CZK' }),
    plan: storableText(50).nullable().default(null).meta({ description: 'Null: every plan.' }),
    tenantId: publicId('tnt').nullable().default(null).meta({ description: 'Null: every tenant.' }),
    unitPrice: amountOfPrice,
    ...validity,
  })
  .refine(({ plan, tenantId }) => plan === null || tenantId === null, {
    path: ['plan'],
    error: 'a price is of a plan or of a tenant, not of both',
  })
  .meta({ id: 'MeterPriceRequest' });

export const MeterPriceView = z
  .object({
    id: z.string().meta({ example: 'prc_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    meter: z.string(),
    currency: z.string(),
    plan: z.string().nullable(),
    tenantId: z.string().nullable(),
    unitPrice: z.string().meta({ example: '0.40' }),
    validFrom: z.iso.datetime(),
    validUntil: z.iso.datetime().nullable(),
    createdBy: z.string(),
  })
  .meta({ id: 'MeterPrice' });

export const MeterPricesView = z
  .object({ prices: z.array(MeterPriceView), ...pageEnd })
  .meta({ id: 'MeterPrices' });

/** A meter as operators see it. */
export function viewMeter(row: Meter): z.infer<typeof MeterView> {
  return {
    ...row,
    aggregation: row.aggregation as z.infer<typeof MeterView>['aggregation'],
    createdAt: row.createdAt.toISOString(),
  };
}

/** A price of a meter as operators see it. */
export function viewMeterPrice(row: MeterPrice): z.infer<typeof MeterPriceView> {
  return {
    id: toPublicId('prc', row.id),
    meter: row.meter,
    currency: row.currency,
    plan: row.planId,
    tenantId: row.tenantId && toPublicId('tnt', row.tenantId),
    unitPrice: formatMicros(row.unitPriceMicros),
    validFrom: row.validFrom.toISOString(),
    validUntil: row.validUntil?.toISOString() ?? null,
    createdBy: row.createdBy,
  };
}
