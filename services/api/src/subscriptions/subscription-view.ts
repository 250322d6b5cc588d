import type { StripeSubscription } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';

export const SubscriptionView = z
  .object({
    plan: z.string().meta({ description: 'The plan that the account is on now.', example: 'pro' }),
    subscription: z
      .object({
        id: z.string().meta({ example: 'sub_1SkY2e' }),
        status: z.string().meta({ description: 'Stripe’s word.', example: 'active' }),
        plan: z.string().nullable(),
        interval: z.enum(['monthly', 'yearly']).nullable(),
        currency: z.string(),
        currentPeriodEnd: z.iso.datetime().nullable(),
        cancelAtPeriodEnd: z.boolean(),
      })
      .nullable(),
    checkoutUrl: z.string().nullable().meta({ description: 'Where the plan that was asked for is paid.' }),
  })
  .meta({ id: 'Subscription', description: 'As Stripe last told us.' });

export type SubscriptionView = z.infer<typeof SubscriptionView>;

/** The tenant's plan and the subscription that it comes from, or the one that ended last. */
export async function readSubscription(db: Db, tenantId: string): Promise<SubscriptionView> {
  const { planId, billingSettings } = await db.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { planId: true, billingSettings: { select: { stripeSubscriptionId: true } } },
  });
  const linkedId = billingSettings?.stripeSubscriptionId ?? null;
  const linked =
    linkedId === null ? null : await db.stripeSubscription.findUnique({ where: { id: linkedId } });
  const latest =
    linked ?? (await db.stripeSubscription.findFirst({ where: { tenantId }, orderBy: { readAt: 'desc' } }));
  return { plan: planId, subscription: latest && viewOf(latest), checkoutUrl: null };
}

function viewOf(row: StripeSubscription): NonNullable<SubscriptionView['subscription']> {
  return {
    id: row.id,
    status: row.status,
    plan: row.planId,
    interval: row.interval as 'monthly' | 'yearly' | null,
    currency: row.currency,
    currentPeriodEnd: row.currentPeriodEnd?.toISOString() ?? null,
    cancelAtPeriodEnd: row.cancelAtPeriodEnd,
  };
}
