import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { ensureStripeCustomer } from '@tollgate/shared/stripe/stripe-customers.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type Stripe from 'stripe';
import { z } from 'zod';
import { Problem } from '../problems/problem.ts';
import { PageUrl } from '../top-ups/page-urls.ts';
import { askStripe, type Payments } from '../top-ups/payments.ts';

export const PortalRequest = z
  .strictObject({
    returnUrl: PageUrl.optional().meta({ description: 'Where the page leads back to.' }),
    show: z
      .enum(['payment_method', 'cancel', 'change_plan'])
      .optional()
      .meta({ description: 'What to begin with; the overview without it.' }),
  })
  .meta({ id: 'PortalRequest' });

export const PageView = z
  .object({ url: z.string().meta({ description: 'Works for a short time and once.' }) })
  .meta({ id: 'StripePage' });

export type OpenPortalDeps = { prisma: PrismaClient; clock: Clock; publicUrl: string };

/** Opens Stripe's page on which a tenant changes its card and plan and finds its invoices. Returns its address. */
export async function openPortal(
  deps: OpenPortalDeps,
  { stripe }: Payments,
  { tenantId, currency }: Caller,
  { returnUrl, show }: z.infer<typeof PortalRequest>,
): Promise<string> {
  const customer = await askStripe(() => ensureStripeCustomer({ ...deps, stripe }, { tenantId, currency }));
  const settings = await deps.prisma.billingSettings.findUnique({ where: { tenantId } });
  const flow = show && flowOf(show, settings?.stripeSubscriptionId ?? null);
  const session = await askStripe(() =>
    stripe.billingPortal.sessions.create({
      customer,
      return_url: returnUrl ?? deps.publicUrl,
      ...(flow && { flow_data: flow }),
    }),
  );
  return session.url;
}

/** Opens the page on which a card is saved without buying anything. Returns its address. */
export async function openCardPage(
  deps: OpenPortalDeps,
  { stripe }: Payments,
  { tenantId, currency }: Caller,
  urls: { successUrl: string; cancelUrl: string },
): Promise<string> {
  const customer = await askStripe(() => ensureStripeCustomer({ ...deps, stripe }, { tenantId, currency }));
  const session = await askStripe(() =>
    stripe.checkout.sessions.create({
      mode: 'setup',
      customer,
      currency: currency.toLowerCase(),
      success_url: urls.successUrl,
      cancel_url: urls.cancelUrl,
    }),
  );
  if (session.url === null) throw new Problem('payments_unavailable', 'Stripe opened no page');
  return session.url;
}

function flowOf(
  show: 'payment_method' | 'cancel' | 'change_plan',
  subscription: string | null,
): Stripe.BillingPortal.SessionCreateParams.FlowData {
  if (show === 'payment_method') return { type: 'payment_method_update' };
  if (subscription === null) throw new Problem('conflict', 'there is no subscription to change');
  return show === 'cancel'
    ? { type: 'subscription_cancel', subscription_cancel: { subscription } }
    : { type: 'subscription_update', subscription_update: { subscription } };
}
