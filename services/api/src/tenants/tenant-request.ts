import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { Currency } from '@tollgate/shared/money/money.ts';
import { Country } from '@tollgate/shared/phone-numbers/country.ts';
import { TimeZone } from '@tollgate/shared/time/time-zone.ts';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

const timeZone = TimeZone.meta({ example: 'Europe/Prague' });

export const TenantRequest = z
  .strictObject({
    name: storableText(200).meta({ example: 'Bookshop' }),
    plan: storableText(50).meta({ example: 'pro' }),
    paymentTerms: z.enum(['prepaid', 'postpaid']).default('prepaid'),
    currency: Currency.meta({ example: 'CZK' }),
    defaultCountry: z.string().pipe(Country).meta({ example: 'CZ' }),
    timeZone,
    creditLimit: DecimalMicros.refine((micros) => micros >= 0n, { error: 'must not be negative' })
      .optional()
      .meta({ description: 'What a postpaid tenant may owe.', example: '5000.00' }),
    email: z.email().max(254).optional().meta({ description: 'Where its mails go.' }),
    smsEnabled: z.boolean().default(false),
  })
  .refine(({ paymentTerms, creditLimit }) => paymentTerms === 'postpaid' || !creditLimit, {
    path: ['creditLimit'],
    error: 'a prepaid tenant has no credit limit',
  })
  .meta({ id: 'TenantRequest' });
export type TenantRequest = z.infer<typeof TenantRequest>;

/** Why an operator does something; kept in the tenant's history. */
export const ReasonRequest = z.strictObject({ reason: storableText(500) }).meta({ id: 'ReasonRequest' });
export const OptionalReasonRequest = z
  .strictObject({ reason: storableText(500).optional() })
  .meta({ id: 'OptionalReasonRequest' });
