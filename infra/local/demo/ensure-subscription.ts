import type Stripe from 'stripe';

/** Who subscribes, and to what: a monthly plan in the tenant's currency. */
export type Subscriber = {
  tenantId: string;
  name: string;
  email: string;
  /** ISO 4217. */
  currency: string;
  planId: string;
  /** The plan's monthly price in minor units. */
  planPriceMinor: number;
};

/**
 * The tenant's Stripe customer with a subscription to its plan, made where it is missing. What is there is
 * found by e-mail and look-up key; the keys of the calls only keep a start that was killed from making it twice.
 */
export async function ensureSubscription(
  stripe: Stripe,
  subscriber: Subscriber,
): Promise<{ stripeCustomerId: string; stripeSubscriptionId: string }> {
  const customer = await ensureCustomer(stripe, subscriber);
  const { data } = await stripe.subscriptions.list({ customer, status: 'all', limit: 100 });
  const subscription =
    data.find(({ ended_at }) => ended_at === null) ??
    (await stripe.subscriptions.create(
      { customer, items: [{ price: await ensurePrice(stripe, subscriber) }] },
      // A key answers for what it made, even after that has ended.
      keyOf('subscription', `${subscriber.tenantId}:${data.length}`),
    ));
  return { stripeCustomerId: customer, stripeSubscriptionId: subscription.id };
}

async function ensureCustomer(stripe: Stripe, { tenantId, name, email }: Subscriber): Promise<string> {
  const { data } = await stripe.customers.list({ email, limit: 1 });
  const customer =
    data[0] ??
    (await stripe.customers.create(
      { name, email, metadata: { tenant_id: tenantId } },
      keyOf('customer', tenantId),
    ));
  return customer.id;
}

async function ensurePrice(
  stripe: Stripe,
  { planId, currency, planPriceMinor }: Subscriber,
): Promise<string> {
  const plan = `${planId}_monthly_${currency.toLowerCase()}`;
  const lookupKey = `tollgate_${plan}`;
  const { data } = await stripe.prices.list({ lookup_keys: [lookupKey], limit: 1 });
  if (data[0] !== undefined) return data[0].id;
  const product = await stripe.products.create({ name: `Tollgate ${planId}` }, keyOf('product', planId));
  const price = await stripe.prices.create(
    {
      product: product.id,
      currency: currency.toLowerCase(),
      unit_amount: planPriceMinor,
      recurring: { interval: 'month' },
      tax_behavior: 'exclusive',
      lookup_key: lookupKey,
    },
    keyOf('price', plan),
  );
  return price.id;
}

function keyOf(what: string, id: string): Stripe.RequestOptions {
  return { idempotencyKey: `tollgate:demo:${what}:${id}` };
}
