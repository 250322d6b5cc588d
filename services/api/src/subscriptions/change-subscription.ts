import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { planLookupKey } from '@tollgate/shared/stripe/lookup-keys.ts';
import { ensureStripeCustomer } from '@tollgate/shared/stripe/stripe-customers.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type Stripe from 'stripe';
import { z } from 'zod';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { PageUrl, pageUrls } from '../top-ups/page-urls.ts';
import { askStripe, type Payments } from '../top-ups/payments.ts';

export const SubscriptionRequest = z
  .union([
    z.strictObject({
      plan: z.string().max(50).meta({ example: 'pro' }),
      interval: z.enum(['monthly', 'yearly']).default('monthly'),
      successUrl: PageUrl.optional(),
      cancelUrl: PageUrl.optional(),
    }),
    z.strictObject({
      cancelAtPeriodEnd: z
        .boolean()
        .meta({ description: 'true: end with the period. false: keep it after all.' }),
    }),
  ])
  .meta({ id: 'SubscriptionRequest' });

type PlanWish = Extract<z.infer<typeof SubscriptionRequest>, { plan: string }>;

export type ChangeSubscriptionDeps = { prisma: PrismaClient; clock: Clock; publicUrl: string };

/** Takes, changes, cancels or keeps a plan at Stripe, which then tells us. Returns the page to pay on, where one is needed. */
export async function changeSubscription(
  deps: ChangeSubscriptionDeps,
  payments: Payments,
  caller: Caller,
  request: z.infer<typeof SubscriptionRequest>,
): Promise<string | null> {
  const running = await findRunning(deps, payments, caller.tenantId);
  if ('cancelAtPeriodEnd' in request) {
    if (!running) throw new Problem('conflict', 'there is no subscription to cancel or keep');
    const { cancelAtPeriodEnd } = request;
    await askStripe(() =>
      payments.stripe.subscriptions.update(running.id, { cancel_at_period_end: cancelAtPeriodEnd }),
    );
    return null;
  }
  const price = await findPrice(deps, payments, caller, request);
  if (!running) return openPage(deps, payments, caller, { ...request, price });
  const [item] = running.items.data;
  if (!item) throw new Problem('conflict', `the subscription ${running.id} has nothing to change`);
  if (item.price.id !== price && running.currency !== caller.currency.toLowerCase())
    throw new Problem(
      'conflict',
      `the subscription is in ${running.currency.toUpperCase()}, the account in ${caller.currency}`,
    );
  await askStripe(() =>
    payments.stripe.subscriptions.update(running.id, {
      items: [{ id: item.id, price }],
      proration_behavior: 'none',
      cancel_at_period_end: false,
      ...monthlyUsage(request),
    }),
  );
  return null;
}

/** The subscription that the plan comes from, as Stripe has it now; null where there is none that runs. */
async function findRunning(
  { prisma }: ChangeSubscriptionDeps,
  { stripe }: Payments,
  tenantId: string,
): Promise<Stripe.Subscription | null> {
  const settings = await prisma.billingSettings.findUnique({ where: { tenantId } });
  const id = settings?.stripeSubscriptionId ?? null;
  if (id === null) return null;
  const subscription = await askStripe(() => stripe.subscriptions.retrieve(id));
  return subscription.ended_at === null && subscription.status !== 'incomplete' ? subscription : null;
}

async function findPrice(
  { prisma }: ChangeSubscriptionDeps,
  { stripe }: Payments,
  { currency }: Caller,
  { plan: planId, interval }: PlanWish,
): Promise<string> {
  const plan = await prisma.plan.findUnique({ where: { id: planId } });
  if (!plan) throw invalidRequest([{ pointer: '#/plan', detail: `there is no plan ${planId}` }]);
  const key = planLookupKey({ planId, interval, currency });
  const { data } = await askStripe(() => stripe.prices.list({ lookup_keys: [key], active: true, limit: 1 }));
  const [price] = data;
  if (price) return price.id;
  const detail = `the plan ${planId} cannot be taken ${interval} in ${currency}`;
  throw invalidRequest([{ pointer: '#/plan', detail }]);
}

/** Opens the page on which a plan is taken. At most one is open, so that no plan is paid twice. */
async function openPage(
  deps: ChangeSubscriptionDeps,
  payments: Payments,
  { tenantId, currency }: Caller,
  wish: PlanWish & { price: string },
): Promise<string> {
  const { stripe, taxMode } = payments;
  const customer = await askStripe(() => ensureStripeCustomer({ ...deps, stripe }, { tenantId, currency }));
  const open = await askStripe(() => stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 }));
  for (const session of open.data.filter(({ mode }) => mode === 'subscription')) {
    if (session.metadata?.price === wish.price && session.url !== null) return session.url;
    await askStripe(() => stripe.checkout.sessions.expire(session.id));
  }
  const { successUrl, cancelUrl } = pageUrls(deps.publicUrl, wish);
  const metadata = { tenant_id: toPublicId('tnt', tenantId), price: wish.price };
  const session = await askStripe(() =>
    stripe.checkout.sessions.create({
      mode: 'subscription',
      customer,
      client_reference_id: metadata.tenant_id,
      line_items: [{ price: wish.price, quantity: 1 }],
      ...(taxMode === 'stripe_tax' && {
        automatic_tax: { enabled: true },
        customer_update: { address: 'auto' as const },
      }),
      subscription_data: { metadata: { tenant_id: metadata.tenant_id }, ...monthlyUsage(wish) },
      metadata,
      success_url: successUrl,
      cancel_url: cancelUrl,
    }),
  );
  if (session.url === null) throw new Problem('payments_unavailable', 'Stripe opened no page');
  return session.url;
}

/** Usage is billed by the month on a yearly plan too: without this it would wait for a year. */
function monthlyUsage({ interval }: PlanWish) {
  return interval === 'yearly'
    ? { pending_invoice_item_interval: { interval: 'month' as const, interval_count: 1 } }
    : {};
}
