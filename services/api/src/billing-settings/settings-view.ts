import type { BillingSettings } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';

const amount = z.string().nullable().meta({ example: '500.00' });

export const BillingSettingsView = z
  .object({
    cadence: z.string(),
    threshold: amount,
    thresholdSegments: z.string().nullable(),
    collection: z.string(),
    approval: z.string(),
    planFee: z.string(),
    payer: z.string().nullable(),
    paymentDays: z.int(),
    reminders: z.boolean(),
    onPastDue: z.string(),
    pastDueGraceDays: z.int(),
    unpaidPolicy: z.string(),
    unpaidAgeDays: z.int().nullable(),
    unpaidAmount: amount,
    notifications: z.boolean(),
    mutedKinds: z.array(z.string()),
    email: z.string().nullable(),
    takesEffect: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'The open period keeps the settings that it began with; it ends then.' }),
  })
  .meta({ id: 'BillingSettings' });

export type BillingSettingsView = z.infer<typeof BillingSettingsView>;

/** A tenant's billing settings; `openUntil` is the end of its open period. */
export function viewBillingSettings(row: BillingSettings, openUntil: Date | null): BillingSettingsView {
  const money = (micros: bigint | null) => (micros === null ? null : formatMicros(micros));
  return {
    cadence: row.cadence,
    threshold: money(row.thresholdMicros),
    thresholdSegments: row.thresholdSegments?.toString() ?? null,
    collection: row.collection,
    approval: row.approval,
    planFee: row.planFee,
    payer: row.payerTenantId && toPublicId('tnt', row.payerTenantId),
    paymentDays: row.paymentDays,
    reminders: row.reminders,
    onPastDue: row.onPastDue,
    pastDueGraceDays: row.pastDueGraceDays,
    unpaidPolicy: row.unpaidPolicy,
    unpaidAgeDays: row.unpaidAgeDays,
    unpaidAmount: money(row.unpaidMicros),
    notifications: row.notifications,
    mutedKinds: row.mutedKinds,
    email: row.email,
    takesEffect: openUntil?.toISOString() ?? null,
  };
}
