import { Issuer } from '@tollgate/shared/billing/issuer.ts';
import { Currency } from '@tollgate/shared/money/money.ts';
import { isValidBIC, isValidIBAN } from 'ibantools';
import { z } from 'zod';
import { storableText } from '../problems/storable-text.ts';

const text = (lengthMax: number) => storableText(lengthMax).nullable().optional();

/** Who issues our documents. What is left out stays. */
const IssuerRequest = z.strictObject({
  legalName: storableText(200).optional(),
  street: storableText(200).optional(),
  city: storableText(100).optional(),
  postalCode: storableText(20).optional(),
  country: Issuer.shape.country.unwrap().optional(),
  registrationId: text(30),
  vatId: text(20),
  isVatPayer: z.boolean().optional(),
  vatRegistrations: z.array(Issuer.shape.country.unwrap()).max(50).optional(),
  registerEntry: text(300),
  bankName: text(100),
  iban: z
    .string()
    .transform((iban) => iban.replaceAll(' ', '').toUpperCase())
    .refine((iban) => isValidIBAN(iban), { error: 'is not an IBAN: its check digits do not fit' })
    .nullable()
    .optional()
    .meta({ example: 'CZ65 0800 0000 1920 0014 5399' }),
  bic: z
    .string()
    .refine((bic) => isValidBIC(bic), { error: 'is not a BIC' })
    .nullable()
    .optional()
    .meta({ example: 'GIBACZPX' }),
  email: z.email().max(254).nullable().optional(),
  phone: text(50),
  web: text(200),
  timeZone: Issuer.shape.timeZone.unwrap().optional(),
});

/** What new tenants begin with, and who we are. What is left out stays. */
export const BillingDefaultsRequest = z
  .strictObject({
    cadence: z.enum(['daily', 'weekly', 'monthly']).optional(),
    currency: Currency.optional(),
    approval: z.enum(['automatic', 'manual']).optional(),
    notifications: z.boolean().optional(),
    prepaidTax: z.enum(['at_top_up', 'at_use']).optional().meta({
      description: 'When VAT on prepaid credit is due.',
    }),
    issuer: IssuerRequest.optional(),
  })
  .meta({ id: 'BillingDefaultsRequest' });

export type BillingDefaultsRequest = z.infer<typeof BillingDefaultsRequest>;
