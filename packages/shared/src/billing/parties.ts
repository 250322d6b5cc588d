import { z } from 'zod';
import type { Db } from '../runtime/database.ts';
import { Issuer, readIssuer } from './issuer.ts';

/** Who a document is for. Country and address are unknown until the tenant has given its billing details. */
export const Payer = z.object({
  tenantId: z.uuid(),
  legalName: z.string(),
  street: z.string().nullable(),
  city: z.string().nullable(),
  postalCode: z.string().nullable(),
  country: z.string().nullable(),
  registrationId: z.string().nullable(),
  vatId: z.string().nullable(),
  /** Null until somebody has checked the VAT id. */
  vatIdValid: z.boolean().nullable(),
  locale: z.enum(['cs', 'en']),
});

export type Payer = z.infer<typeof Payer>;

/** Issuer and payer as they stood when a document was issued: `invoices.parties`. */
export const Parties = z.object({
  issuer: Issuer,
  payer: Payer,
  /** The day that VAT is due for (DUZP), which chose the rate: the last day of the period. */
  taxPointOn: z.iso.date(),
  /** The local day of issue in the issuer's zone. */
  issuedOn: z.iso.date(),
});

export type Parties = z.infer<typeof Parties>;

/** Who issues and who pays, as known at this moment. */
export async function readParties(db: Db, tenantId: string): Promise<Pick<Parties, 'issuer' | 'payer'>> {
  const issuer = await readIssuer(db);
  const tenant = await db.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { name: true, billingDetails: true },
  });
  const details = tenant.billingDetails;
  return {
    issuer,
    payer: {
      tenantId,
      legalName: details?.legalName ?? tenant.name,
      street: details?.street ?? null,
      city: details?.city ?? null,
      postalCode: details?.postalCode ?? null,
      country: details?.country ?? null,
      registrationId: details?.registrationId ?? null,
      vatId: details?.vatId ?? null,
      vatIdValid: details?.vatIdValid ?? null,
      locale: details?.locale === 'cs' ? 'cs' : 'en',
    },
  };
}
