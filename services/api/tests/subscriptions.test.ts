import { newId } from '@tollgate/shared/ids/ids.ts';
import { planLookupKey } from '@tollgate/shared/stripe/lookup-keys.ts';
import { createStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import {
  type StripeSimulator,
  startStripeSimulator,
} from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let simulator: StripeSimulator;
let stripe: Stripe;
let key: string;
let tenantId: string;

beforeEach(async () => {
  simulator = await startStripeSimulator({ secretKey: 'sk_test_api', now: () => testNow });
  stripe = createStripe({ secretKey: 'sk_test_api', apiBase: simulator.baseUrl, networkRetriesMax: 0 });
  api = await startApiFixture({ payments: { stripe, taxMode: 'none' } });
  const made = await api.tenantWithKey({ planId: 'free' });
  key = made.key;
  tenantId = made.tenant.id;
  for (const planId of ['starter', 'pro']) {
    const product = await stripe.products.create({ name: planId });
    for (const interval of ['monthly', 'yearly'] as const) {
      await stripe.prices.create({
        product: product.id,
        currency: 'czk',
        unit_amount: interval === 'monthly' ? 79_000 : 790_000,
        recurring: { interval: interval === 'monthly' ? 'month' : 'year' },
        lookup_key: planLookupKey({ planId, interval, currency: 'CZK' }),
        metadata: { plan_id: planId, interval },
      });
    }
  }
});
afterEach(async () => {
  await api.close();
  await simulator.close();
});

const post = (path: string, json: object) => api.call('POST', path, { key, json });
const get = (path: string) => api.call('GET', path, { key });

/** What the event of a subscription does here: links it. */
async function linkSubscription() {
  const [subscription] = simulator.objects.subscriptions();
  if (!subscription) throw new Error('nobody subscribed');
  await api.prisma.stripeSubscription.create({
    data: {
      id: subscription.id,
      tenantId,
      customerId: subscription.customer,
      currency: 'CZK',
      status: subscription.status,
      planId: 'pro',
      interval: 'monthly',
      readAt: testNow,
    },
  });
  await api.prisma.billingSettings.update({
    where: { tenantId },
    data: { stripeSubscriptionId: subscription.id },
  });
  return subscription.id;
}

async function subscribe() {
  const taken = await post('/v1/billing/subscription', { plan: 'pro' });
  const url: string = taken.body.checkoutUrl;
  await fetch(`${url}/pay`, {
    method: 'POST',
    body: new URLSearchParams({ with: 'card' }),
    redirect: 'manual',
  });
  return linkSubscription();
}

describe('a plan', () => {
  test('is taken on Stripe’s page, with one page open at a time', async () => {
    const taken = await post('/v1/billing/subscription', { plan: 'pro', interval: 'yearly' });
    expect(taken.status).toBe(202);
    expect(taken.body).toMatchObject({
      plan: 'free',
      subscription: null,
      checkoutUrl: expect.stringContaining('/checkout/'),
    });
    expect(
      (await post('/v1/billing/subscription', { plan: 'pro', interval: 'yearly' })).body.checkoutUrl,
    ).toBe(taken.body.checkoutUrl);
    const other = await post('/v1/billing/subscription', { plan: 'starter' });
    expect(other.body.checkoutUrl).not.toBe(taken.body.checkoutUrl);
    const { data } = await stripe.checkout.sessions.list({ status: 'open' });
    expect(data).toHaveLength(1);
    expect(simulator.objects.customers()).toHaveLength(1);
  });

  test('by the year is taken with its usage billed by the month', async () => {
    const taken = await post('/v1/billing/subscription', { plan: 'pro', interval: 'yearly' });
    await fetch(`${taken.body.checkoutUrl}/pay`, {
      method: 'POST',
      body: new URLSearchParams({ with: 'card' }),
      redirect: 'manual',
    });
    expect(simulator.objects.subscriptions()).toMatchObject([
      { status: 'active', pending_invoice_item_interval: { interval: 'month', interval_count: 1 } },
    ]);
  });

  test('is changed, canceled with its period and kept after all', async () => {
    const id = await subscribe();
    expect((await post('/v1/billing/subscription', { plan: 'starter' })).body.checkoutUrl).toBeNull();
    const changed = await stripe.subscriptions.retrieve(id);
    expect(changed.items.data[0]?.price.lookup_key).toBe('tollgate_plan_starter_monthly_czk');
    expect((await post('/v1/billing/subscription', { cancelAtPeriodEnd: true })).status).toBe(202);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at_period_end: true });
    await post('/v1/billing/subscription', { cancelAtPeriodEnd: false });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at_period_end: false });
    expect((await get('/v1/billing/subscription')).body).toMatchObject({
      subscription: { id, status: 'active' },
    });
  });

  test('that is not sold, or not there, is refused by name', async () => {
    for (const plan of ['free', 'gold']) {
      const { status, body } = await post('/v1/billing/subscription', { plan });
      expect([status, body.errors?.[0]?.pointer]).toEqual([400, '#/plan']);
    }
    expect((await post('/v1/billing/subscription', { cancelAtPeriodEnd: true })).status).toBe(409);
  });
});

describe('Stripe’s portal', () => {
  test('opens once there is a configuration, and shows the tenant’s own plan and cards', async () => {
    expect((await post('/v1/billing/portal', {})).status).toBe(503);
    await stripe.billingPortal.configurations.create({
      features: { payment_method_update: { enabled: true }, subscription_cancel: { enabled: true } },
    });
    const id = await subscribe();
    const { status, body } = await post('/v1/billing/portal', { returnUrl: 'https://shop.example/billing' });
    expect(status).toBe(201);
    const page = await (await fetch(body.url)).text();
    expect(page).toContain('visa ending in 4242');
    const form = (fields: Record<string, string>) =>
      fetch(body.url, { method: 'POST', body: new URLSearchParams(fields) });
    await form({ do: 'cancel', subscription: id });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at_period_end: true });
    await form({ do: 'add_card', card: 'pm_card_mastercard' });
    expect(await (await fetch(body.url)).text()).toContain('mastercard ending in 4444');
  });
});

describe('cards', () => {
  test('are saved on Stripe’s page and listed as Stripe told us, the default first', async () => {
    const { status, body } = await post('/v1/billing/payment-methods', {});
    expect(status).toBe(201);
    await fetch(`${body.url}/pay`, {
      method: 'POST',
      body: new URLSearchParams({ with: 'card' }),
      redirect: 'manual',
    });
    const [customer] = simulator.objects.customers();
    expect((await stripe.customers.listPaymentMethods(String(customer?.id))).data).toMatchObject([
      { card: { last4: '4242' } },
    ]);
    const row = { tenantId, customerId: 'cus_1', type: 'card', brand: 'visa', readAt: testNow };
    await api.prisma.paymentMethod.createMany({
      data: [
        { ...row, id: `pm_${newId()}`, last4: '0001', expMonth: 1, expYear: 2030 },
        { ...row, id: `pm_${newId()}`, last4: '0002', isDefault: true },
      ],
    });
    expect((await get('/v1/billing/payment-methods')).body.paymentMethods).toMatchObject([
      { last4: '0002', isDefault: true, expires: null },
      { last4: '0001', isDefault: false, expires: '2030-01' },
    ]);
  });
});
