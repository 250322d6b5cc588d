import { publicId } from '@tollgate/shared/ids/ids.ts';
import { DecimalMicros } from '@tollgate/shared/money/decimal-micros.ts';
import { noticeKinds } from '@tollgate/shared/notifications/notices.ts';
import { z } from 'zod';

const amount = DecimalMicros.refine((micros) => micros > 0n, { error: 'must be more than nothing' });
const days = (min: number) => z.int().min(min).max(365);

/** A number of segments as a whole number, beyond what fits the database refused. */
const segments = z.int().min(1).max(1_000_000_000);

/** How a tenant is billed, as operators set it. What is left out stays; null takes a setting away. */
export const BillingSettingsRequest = z
  .strictObject({
    cadence: z.enum(['daily', 'weekly', 'monthly', 'threshold']).optional(),
    threshold: amount.nullable().optional().meta({
      description: 'With the cadence threshold: the period ends once usage came to this much.',
      example: '500.00',
    }),
    thresholdSegments: segments.nullable().optional(),
    collection: z
      .enum(['none', 'subscription_item', 'stripe_invoice', 'stripe_meter', 'bank_transfer', 'sippy'])
      .optional(),
    approval: z.enum(['automatic', 'manual']).optional(),
    planFee: z.enum(['none', 'invoice']).optional().meta({
      description:
        'Whether the plan’s monthly price goes on our invoices; else its subscription collects it.',
    }),
    payer: publicId('tnt').nullable().optional().meta({
      description: 'The tenant whose invoices carry this one’s usage.',
    }),
    paymentDays: days(0).optional(),
    reminders: z.boolean().optional(),
    onPastDue: z.enum(['none', 'limit', 'suspend']).optional(),
    pastDueGraceDays: days(0).optional(),
    unpaidPolicy: z.enum(['off', 'warn', 'block']).optional(),
    unpaidAgeDays: days(1).nullable().optional(),
    unpaidAmount: amount.nullable().optional(),
    notifications: z.boolean().optional(),
    mutedKinds: z
      .array(z.enum(noticeKinds as [string, ...string[]]))
      .max(50)
      .optional(),
    email: z.email().max(254).nullable().optional(),
  })
  .meta({ id: 'BillingSettingsRequest' });

export type BillingSettingsRequest = z.infer<typeof BillingSettingsRequest>;
