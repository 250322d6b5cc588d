import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { apiScopes, createApiKey } from '@tollgate/shared/tenants/api-keys.ts';
import { buildTenant, type TenantOverrides } from '@tollgate/shared/testing/build-tenant.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import type Stripe from 'stripe';
import { createStripe } from '../../../services/invoicer/src/stripe-client.ts';
import { stripeKey } from './outside.ts';

/** A tenant whose clock is the machine's, with an API key. */
export async function tenantWithKey(prisma: PrismaClient, overrides: TenantOverrides = {}) {
  const createdAt = systemClock.now();
  const tenant = await buildTenant(prisma, { createdAt, ...overrides });
  const key = await createApiKey(prisma, {
    id: newId(),
    tenantId: tenant.id,
    name: 'test',
    mode: 'live',
    scopes: apiScopes,
    createdAt,
  });
  return { tenant, key };
}

/** A postpaid tenant whose usage goes on the next invoice of its subscription at the Stripe of that address. */
export async function billedTenant(prisma: PrismaClient, stripeUrl: string) {
  const client = createStripe({ secretKey: stripeKey, apiBase: stripeUrl });
  const { customer, subscription } = await subscribe(client);
  return tenantWithKey(prisma, {
    paymentTerms: 'postpaid',
    balanceMicros: 0n,
    creditLimitMicros: 10_000_000_000n,
    billing: {
      collection: 'subscription_item',
      email: 'billing@bookshop.example',
      stripeCustomerId: customer,
      stripeSubscriptionId: subscription,
    },
  });
}

/** A customer at Stripe with an active monthly subscription. */
async function subscribe(stripe: Stripe): Promise<{ customer: string; subscription: string }> {
  const customer = await stripe.customers.create({ name: 'Bookshop' });
  const product = await stripe.products.create({ name: 'Plan pro' });
  const price = await stripe.prices.create({
    product: product.id,
    currency: 'czk',
    unit_amount: 49_000,
    recurring: { interval: 'month' },
  });
  const subscription = await stripe.subscriptions.create({
    customer: customer.id,
    items: [{ price: price.id }],
  });
  return { customer: customer.id, subscription: subscription.id };
}
