import { z } from 'zod';
import type { Db } from '../runtime/database.ts';
import { TimeZone } from '../time/time-zone.ts';

const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'expected two capital letters of ISO 3166-1, such as CZ' });

/** Who issues our documents: `billing_defaults.issuer`. What is left out has the default shown. */
export const Issuer = z.object({
  legalName: z.string().default(''),
  street: z.string().default(''),
  city: z.string().default(''),
  postalCode: z.string().default(''),
  country: Country.default('CZ'),
  /** IČO */
  registrationId: z.string().nullable().default(null),
  /** DIČ */
  vatId: z.string().nullable().default(null),
  /** False: we are not registered for VAT, and no document carries any. */
  isVatPayer: z.boolean().default(true),
  /** Countries beside our own where we are registered for VAT; the others of the EU are covered by OSS. */
  vatRegistrations: z.array(Country).default([]),
  /** Where the company is registered, as the law wants it on documents. */
  registerEntry: z.string().nullable().default(null),
  bankName: z.string().nullable().default(null),
  iban: z.string().nullable().default(null),
  bic: z.string().nullable().default(null),
  email: z.string().nullable().default(null),
  phone: z.string().nullable().default(null),
  web: z.string().nullable().default(null),
  /** The zone whose year our numbers belong to and whose day our documents carry. */
  timeZone: TimeZone.default('Europe/Prague'),
});

export type Issuer = z.infer<typeof Issuer>;

/** The operators' settings of who we are; all defaults while nobody has set any. Throws ZodError for stored nonsense. */
export async function readIssuer(db: Db): Promise<Issuer> {
  const row = await db.billingDefaults.findUnique({ where: { id: 1 }, select: { issuer: true } });
  return Issuer.parse(row?.issuer ?? {});
}
