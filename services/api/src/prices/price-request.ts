import { publicId } from '@tollgate/shared/ids/ids.ts';
import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { Currency } from '@tollgate/shared/money/money.ts';
import { Country } from '@tollgate/shared/phone-numbers/country.ts';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

const instant = z.iso.datetime().transform((text) => new Date(text));

export const amountOfPrice = DecimalMicros.refine((micros) => micros >= 0n, {
  error: 'must not be negative',
}).meta({ description: 'Before VAT.', example: '1.50' });

/** From when and until when a price holds. */
export const validity = {
  validFrom: instant.optional().meta({ description: 'Now unless given; never in the past.' }),
  validUntil: instant.optional().meta({ description: 'The first instant at which it no longer holds.' }),
};

export const PriceRequest = z
  .strictObject({
    currency: Currency.meta({ example: 'CZK' }),
    country: z.string().pipe(Country).nullable().default(null).meta({ description: 'Null: every country.' }),
    plan: storableText(50).nullable().default(null).meta({ description: 'Null: every plan.' }),
    tenantId: publicId('tnt').nullable().default(null).meta({ description: 'Null: every tenant.' }),
    per: z.enum(['segment', 'message']).default('segment'),
    unitPrice: amountOfPrice,
    ...validity,
  })
  .refine(({ plan, tenantId }) => plan === null || tenantId === null, {
    path: ['plan'],
    error: 'a price is of a plan or of a tenant, not of both',
  })
  .meta({ id: 'PriceRequest' });
