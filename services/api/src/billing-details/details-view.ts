import type { BillingDetails } from '@tollgate/shared/generated/prisma/client.ts';
import { z } from 'zod';

const text = z.string().nullable();

export const BillingDetailsView = z
  .object({
    legalName: text,
    street: text,
    city: text,
    postalCode: text,
    country: text,
    registrationId: text,
    vatId: text,
    vatIdValid: z.boolean().nullable().meta({
      description: 'Null until it was checked; reverse charge applies only to one that is valid.',
    }),
    locale: z.string(),
    changedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BillingDetails', description: 'Null where nothing was given yet.' });

/** The details that documents show; all null where the tenant has given none. */
export function viewBillingDetails(row: BillingDetails | null): z.infer<typeof BillingDetailsView> {
  return {
    legalName: row?.legalName ?? null,
    street: row?.street ?? null,
    city: row?.city ?? null,
    postalCode: row?.postalCode ?? null,
    country: row?.country ?? null,
    registrationId: row?.registrationId ?? null,
    vatId: row?.vatId ?? null,
    vatIdValid: row?.vatIdValid ?? null,
    locale: row?.locale ?? 'en',
    changedAt: row?.changedAt.toISOString() ?? null,
  };
}
