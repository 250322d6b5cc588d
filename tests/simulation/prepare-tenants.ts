import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { announceProvider } from '@tollgate/shared/messages/provider-status.ts';
import { apiScopes, type Caller, createApiKey, findCallers } from '@tollgate/shared/tenants/api-keys.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import type Stripe from 'stripe';
import type { TenantPlan } from './plan-run.ts';

export type SimulatedTenant = {
  id: string;
  plan: TenantPlan;
  live: Caller;
  test: Caller;
  subscription: string | null;
};

/** The tenants of a run with their keys, and postpaid ones with a subscription at Stripe. */
export async function prepareTenants(
  { prisma, stripe, now }: { prisma: PrismaClient; stripe: Stripe; now: Date },
  plans: readonly TenantPlan[],
): Promise<SimulatedTenant[]> {
  // As every sender does when it starts.
  await announceProvider(prisma, 'sms-manager');
  const tenants: SimulatedTenant[] = [];
  for (const plan of plans) tenants.push(await prepareTenant(prisma, stripe, plan, now));
  return tenants;
}

async function prepareTenant(prisma: PrismaClient, stripe: Stripe, plan: TenantPlan, now: Date) {
  const { name, paymentTerms, currency, timeZone, balanceMicros, chargeOn, onInsufficientCredit, cadence } =
    plan;
  const subscribed = paymentTerms === 'postpaid' ? await subscribe(stripe, currency) : null;
  const email = `${name.toLowerCase().replace(' ', '-')}@example.com`;
  const { id } = await buildTenant(prisma, {
    name,
    paymentTerms,
    currency,
    timeZone,
    balanceMicros,
    creditLimitMicros: paymentTerms === 'postpaid' ? 1_000_000_000n : 0n,
    createdAt: now,
    smsSettings: { chargeOn, onInsufficientCredit },
    billing: {
      cadence,
      email,
      ...(subscribed && {
        collection: 'subscription_item' as const,
        stripeCustomerId: subscribed.customer,
        stripeSubscriptionId: subscribed.subscription,
      }),
    },
  });
  const keys: string[] = [];
  for (const mode of ['live', 'test'] as const) {
    const key = { id: newId(), tenantId: id, name: mode, mode, scopes: apiScopes, createdAt: now };
    keys.push(await createApiKey(prisma, key));
  }
  const [live, test] = await findCallers(prisma, keys, now);
  if (!live || !test) throw new Error(`the keys of ${name} do not work`);
  return { id, plan, live, test, subscription: subscribed?.subscription ?? null };
}

async function subscribe(stripe: Stripe, currency: string) {
  const customer = await stripe.customers.create({ name: 'Bookshop' });
  const product = await stripe.products.create({ name: 'Plan pro' });
  const price = await stripe.prices.create({
    product: product.id,
    currency: currency.toLowerCase(),
    unit_amount: 49_000,
    recurring: { interval: 'month' },
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  return { customer: customer.id, subscription: subscription.id };
}
