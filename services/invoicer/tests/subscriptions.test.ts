import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { planLookupKey } from '@tollgate/shared/stripe/lookup-keys.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTopUpsFixture, type TopUpsFixture } from './top-ups-fixture.ts';

let fixture: TopUpsFixture;
let tenantId: string;
let customer: string;

beforeEach(async () => {
  fixture = await startTopUpsFixture();
  tenantId = await fixture.tenant({ planId: 'free' });
  const made = await fixture.stripe.customers.create({
    metadata: { tenant_id: toPublicId('tnt', tenantId), currency: 'CZK' },
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  customer = made.id;
});
afterEach(() => fixture.close());

async function priceOf(planId: string, interval: 'monthly' | 'yearly' = 'monthly') {
  const product = await fixture.stripe.products.create({ name: planId });
  return fixture.stripe.prices.create({
    product: product.id,
    currency: 'czk',
    unit_amount: 79_000,
    recurring: { interval: interval === 'monthly' ? 'month' : 'year' },
    lookup_key: planLookupKey({ planId, interval, currency: 'CZK' }),
    metadata: { plan_id: planId, interval },
  });
}

async function subscribe(planId: string, interval: 'monthly' | 'yearly' = 'monthly') {
  const price = await priceOf(planId, interval);
  return fixture.stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
}

const tenant = () =>
  fixture.prisma.tenant.findUniqueOrThrow({ where: { id: tenantId }, include: { billingSettings: true } });
const history = async () =>
  (
    await fixture.prisma.tenantEvent.findMany({
      where: { tenantId, kind: 'plan_changed' },
      orderBy: { occurredAt: 'asc' },
    })
  ).map(({ detail }) => (detail as { to: string }).to);

async function applyInAnyOrder() {
  const events = fixture.takeEvents();
  await fixture.applyAll([...events.toReversed(), ...events]);
}

describe('a subscription', () => {
  test('puts its tenant on the plan of its price, once, and is linked for its usage', async () => {
    const { id } = await subscribe('pro');
    await applyInAnyOrder();
    expect(await tenant()).toMatchObject({
      planId: 'pro',
      billingSettings: { stripeSubscriptionId: id, stripeCustomerId: customer },
    });
    expect(await history()).toEqual(['pro']);
    expect(await fixture.prisma.stripeSubscription.findUnique({ where: { id } })).toMatchObject({
      status: 'active',
      planId: 'pro',
      interval: 'monthly',
      currency: 'CZK',
    });
  });

  test('that changes its price changes the plan; one without SMS stops sending', async () => {
    const { id, items } = await subscribe('pro');
    await applyInAnyOrder();
    const starter = await priceOf('starter');
    await fixture.stripe.subscriptions.update(id, {
      items: [{ id: String(items.data[0]?.id), price: starter.id }],
      proration_behavior: 'none',
    });
    await applyInAnyOrder();
    expect(await tenant()).toMatchObject({ planId: 'starter' });
    expect(await history()).toEqual(['pro', 'starter']);
  });

  test('that is canceled holds to the end of its period, and then its tenant falls to free', async () => {
    const { id } = await subscribe('pro');
    await fixture.stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await applyInAnyOrder();
    expect(await tenant()).toMatchObject({ planId: 'pro' });
    expect(await fixture.prisma.stripeSubscription.findUnique({ where: { id } })).toMatchObject({
      cancelAtPeriodEnd: true,
    });
    fixture.clock.advance(32 * DAY_MS);
    fixture.simulator.advanceDue();
    await applyInAnyOrder();
    expect(await tenant()).toMatchObject({ planId: 'free', billingSettings: { stripeSubscriptionId: null } });
    expect(await history()).toEqual(['pro', 'free']);
  });

  test('whose payment is late keeps its plan', async () => {
    const { id } = await subscribe('pro');
    await applyInAnyOrder();
    fixture.simulator.faults.set({ declinePayments: true });
    fixture.simulator.renewSubscription(id);
    await applyInAnyOrder();
    expect(await fixture.prisma.stripeSubscription.findUnique({ where: { id } })).toMatchObject({
      status: 'past_due',
    });
    expect(await tenant()).toMatchObject({ planId: 'pro' });
  });

  test('to a price that stands for no plan changes nothing and alerts operators', async () => {
    const product = await fixture.stripe.products.create({ name: 'Something' });
    const price = await fixture.stripe.prices.create({
      product: product.id,
      currency: 'czk',
      unit_amount: 10_000,
      recurring: { interval: 'month' },
    });
    await fixture.stripe.subscriptions.create({ customer, items: [{ price: price.id }] });
    const events = fixture.takeEvents();
    await fixture.applyAll(events);
    expect(await tenant()).toMatchObject({ planId: 'free' });
    expect(await fixture.alerts()).toMatchObject([
      { kind: 'unknown_stripe_price', subject: price.id, closedAt: null },
    ]);
  });

  test('beside the one that holds changes nothing and alerts operators', async () => {
    await subscribe('pro');
    await applyInAnyOrder();
    const second = await subscribe('business');
    await applyInAnyOrder();
    expect(await tenant()).toMatchObject({ planId: 'pro' });
    expect(await fixture.alerts()).toMatchObject([
      { kind: 'second_stripe_subscription', subject: second.id },
    ]);
  });

  test('by the year has its usage billed by the month', async () => {
    const { id, pending_invoice_item_interval: before } = await subscribe('pro', 'yearly');
    expect(before).toBeNull();
    await applyInAnyOrder();
    expect(await fixture.stripe.subscriptions.retrieve(id)).toMatchObject({
      pending_invoice_item_interval: { interval: 'month', interval_count: 1 },
    });
    expect(await fixture.prisma.stripeSubscription.findUnique({ where: { id } })).toMatchObject({
      interval: 'yearly',
    });
  });

  test('that ends does not take the plan that an operator gave', async () => {
    const { id } = await subscribe('pro');
    await applyInAnyOrder();
    await fixture.prisma.tenant.update({ where: { id: tenantId }, data: { planId: 'business' } });
    await fixture.stripe.subscriptions.cancel(id);
    await applyInAnyOrder();
    expect(await tenant()).toMatchObject({ planId: 'business' });
  });

  test('of somebody else is left alone', async () => {
    const stranger = await fixture.stripe.customers.create({});
    const price = await priceOf('pro');
    await fixture.stripe.subscriptions.create({ customer: stranger.id, items: [{ price: price.id }] });
    await applyInAnyOrder();
    expect(await fixture.prisma.stripeSubscription.count()).toBe(0);
  });
});

describe('the copy of the means of payment', () => {
  test('follows what is saved, made the default and removed', async () => {
    const first = await fixture.stripe.paymentMethods.attach('pm_card_visa', { customer });
    const second = await fixture.stripe.paymentMethods.attach('pm_card_mastercard', { customer });
    await fixture.stripe.customers.update(customer, {
      invoice_settings: { default_payment_method: second.id },
    });
    await applyInAnyOrder();
    const methods = () =>
      fixture.prisma.paymentMethod.findMany({ where: { tenantId }, orderBy: { isDefault: 'desc' } });
    expect(await methods()).toMatchObject([
      { id: second.id, brand: 'mastercard', last4: '4444', isDefault: true },
      { id: first.id, brand: 'visa', last4: '4242', isDefault: false },
    ]);
    await fixture.stripe.paymentMethods.detach(second.id);
    await applyInAnyOrder();
    expect(await methods()).toMatchObject([{ id: first.id, isDefault: false }]);
  });
});

describe('a customer', () => {
  test('that we made is linked by what it carries, even if its answer was lost', async () => {
    await applyInAnyOrder();
    expect(await fixture.prisma.stripeCustomer.findMany()).toMatchObject([
      { tenantId, currency: 'CZK', customerId: customer },
    ]);
  });

  test('that is deleted at Stripe is marked so, and operators are told', async () => {
    await applyInAnyOrder();
    await fixture.stripe.customers.del(customer);
    await applyInAnyOrder();
    expect(await fixture.prisma.stripeCustomer.findFirst()).toMatchObject({ deletedAt: fixture.clock.now() });
    expect(await fixture.alerts()).toMatchObject([{ kind: 'stripe_customer_deleted', tenantId }]);
  });
});
