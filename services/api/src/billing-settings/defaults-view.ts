import { Issuer } from '@tollgate/shared/billing/issuer.ts';
import type { BillingDefaults } from '@tollgate/shared/generated/prisma/client.ts';
import { z } from 'zod';

export const BillingDefaultsView = z
  .object({
    cadence: z.string(),
    currency: z.string(),
    approval: z.string(),
    notifications: z.boolean(),
    prepaidTax: z.string(),
    issuer: Issuer,
    changedAt: z.iso.datetime().nullable(),
    changedBy: z.string().nullable(),
  })
  .meta({ id: 'BillingDefaults' });

export type BillingDefaultsView = z.infer<typeof BillingDefaultsView>;

/** The operators' settings; those of a new installation where nobody has set any. */
export function viewBillingDefaults(row: BillingDefaults | null): BillingDefaultsView {
  return {
    cadence: row?.cadence ?? 'monthly',
    currency: row?.currency ?? 'CZK',
    approval: row?.approval ?? 'automatic',
    notifications: row?.notifications ?? true,
    prepaidTax: row?.prepaidTax ?? 'at_use',
    issuer: Issuer.parse(row?.issuer ?? {}),
    changedAt: row?.changedAt.toISOString() ?? null,
    changedBy: row?.changedBy ?? null,
  };
}
