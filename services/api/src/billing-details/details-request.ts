import { Country } from '@tollgate/shared/phone-numbers/country.ts';
import { checkVAT, countries } from 'jsvat';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

/** A VAT id as it is written on documents: without blanks, its country and check digits right. */
const VatId = z
  .string()
  .transform((text) => text.replaceAll(/[\s.-]/g, '').toUpperCase())
  .refine((id) => checkVAT(id, countries).isValid, {
    error: 'is not a VAT id: it begins with a country, and its check digits fit',
  });

/** Who the tenant is on documents: all of it, because a document shows all of it. */
export const BillingDetailsRequest = z
  .strictObject({
    legalName: storableText(200).meta({ example: 'Bookshop s.r.o.' }),
    street: storableText(200).meta({ example: 'Dlouhá 1' }),
    city: storableText(100).meta({ example: 'Praha' }),
    postalCode: storableText(20).meta({ example: '110 00' }),
    country: z.string().pipe(Country).meta({ example: 'CZ' }),
    registrationId: storableText(30).nullable().default(null).meta({ example: '12345678' }),
    vatId: VatId.nullable().default(null).meta({ example: 'CZ12345679' }),
    locale: z.enum(['cs', 'en']).default('en').meta({ description: 'Of mails and documents.' }),
  })
  .meta({ id: 'BillingDetailsRequest' });

export type BillingDetailsRequest = z.infer<typeof BillingDetailsRequest>;
