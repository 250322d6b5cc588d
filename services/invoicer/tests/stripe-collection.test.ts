import { DAY_MS, HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sweepPendingItems } from '../src/collect-invoice/stripe/sweep-pending-items.ts';
import { type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;

beforeAll(async () => {
  fixture = await startStripeFixture();
});
afterAll(() => fixture.close());

const invoicesOf = async (customer: string) =>
  (await fixture.stripe.invoices.list({ customer, limit: 100 })).data.filter(
    ({ billing_reason }) => billing_reason === 'manual',
  );

const owed = { collection: 'stripe_invoice', messages: 20, withSubscription: false } as const;

describe('an own Stripe invoice', () => {
  test('holds what we ask for and nothing else, and is handed over to Stripe', async () => {
    const { invoiceId, customer } = await fixture.billedTenant(owed);
    await fixture.stripe.invoiceItems.create({ customer, amount: 999, currency: 'czk' });
    await fixture.collect(invoiceId);
    expect(await invoicesOf(customer)).toMatchObject([{ total: 3_000, status: 'open', auto_advance: true }]);
    expect((await fixture.pushes(invoiceId)).map(({ kind, state }) => [kind, state])).toEqual([
      ['draft_invoice', 'confirmed'],
      ['draft_item', 'confirmed'],
      ['finalize', 'confirmed'],
    ]);
    expect(await fixture.invoice(invoiceId)).toMatchObject({ wakeAt: null });
  });

  test('stays a draft for a person where its total is not ours', async () => {
    const { invoiceId, customer } = await fixture.billedTenant(owed);
    const dying = fixture.dyingStripe(3, 'before');
    await expect(fixture.collectWith(dying, invoiceId)).rejects.toThrow();
    await fixture.prisma.stripePush.deleteMany({ where: { invoiceId, kind: 'finalize' } });
    const [draft] = await invoicesOf(customer);
    await fixture.stripe.invoiceItems.create({
      customer,
      invoice: draft?.id ?? '',
      amount: 1,
      currency: 'czk',
    });
    await fixture.collect(invoiceId);
    expect(await invoicesOf(customer)).toMatchObject([{ status: 'draft' }]);
    expect(await fixture.pushes(invoiceId)).toMatchObject([
      {
        kind: 'draft_invoice',
        state: 'needs_human',
        lastError: expect.stringContaining('its total is 3001'),
      },
      { kind: 'draft_item', state: 'confirmed' },
    ]);
    expect(await fixture.alerts()).toContainEqual(expect.objectContaining({ kind: 'stripe_push_stopped' }));
  });
});

describe('a configured Price', () => {
  const configured = async () => {
    const product = await fixture.stripe.products.create({ name: 'SMS' });
    const price = await fixture.stripe.prices.create({
      product: product.id,
      currency: 'czk',
      unit_amount: 150,
      tax_behavior: 'exclusive',
    });
    return {
      price: price.id,
      settings: { taxMode: 'none', smsPrices: { CZK: price.id }, meters: {} },
    } as const;
  };

  test.each([
    ['on a subscription', { messages: 20 }],
    ['on an own invoice', owed],
  ] as const)('makes the item %s quantity × Price where that is our total', async (_, tenant) => {
    const { price, settings } = await configured();
    const { invoiceId, customer } = await fixture.billedTenant(tenant);
    await fixture.collectBy(settings, invoiceId);
    expect(await fixture.items(customer)).toMatchObject([
      { amount: 3_000, quantity: 20, pricing: { price_details: { price } } },
    ]);
  });

  test.each([
    ['on a subscription', { messages: 20, priceMicros: 1_490_000n }],
    ['on an own invoice', { ...owed, priceMicros: 1_490_000n }],
  ] as const)('of another amount lends the item %s only its product', async (_, tenant) => {
    const { price, settings } = await configured();
    const { invoiceId, customer } = await fixture.billedTenant(tenant);
    await fixture.collectBy(settings, invoiceId);
    const { product } = await fixture.stripe.prices.retrieve(price);
    expect(await fixture.items(customer)).toMatchObject([
      { amount: 2_980, quantity: 1, pricing: { price_details: { product } } },
    ]);
    expect((await fixture.pushes(invoiceId)).map(({ state }) => state)).not.toContain('needs_human');
  });
});

describe('a process that dies', () => {
  const ways = [
    ['subscription_item', { collection: 'subscription_item', messages: 20, withSubscription: true }, 1],
    ['stripe_invoice', owed, 3],
  ] as const;
  const deaths = ways.flatMap(([way, tenant, writes]) =>
    Array.from({ length: writes }, (_, index) => index + 1).flatMap((write) =>
      (['before', 'after'] as const).flatMap((when) =>
        ([0, 30] as const).map((hours) => ({ way, tenant, write, when, hours })),
      ),
    ),
  );

  test.each(ways)('makes as many writes by %s as the deaths below are at', async (_, tenant, writes) => {
    const { invoiceId } = await fixture.billedTenant(tenant);
    const counting = fixture.countingStripe();
    await fixture.collectWith(counting, invoiceId);
    expect(counting.writes()).toBe(writes);
  });

  test.each(deaths)(
    '$when write $write of $way leaves one object at Stripe, when another goes on $hours hours later',
    async ({ way, tenant, write, when, hours }) => {
      const { invoiceId, customer } = await fixture.billedTenant(tenant);
      await expect(fixture.collectWith(fixture.dyingStripe(write, when), invoiceId)).rejects.toThrow();
      fixture.clock.advance(hours * HOUR_MS);
      await fixture.collect(invoiceId);
      await fixture.collect(invoiceId);
      expect(await fixture.items(customer)).toMatchObject([{ amount: 3_000 }]);
      const invoices = await invoicesOf(customer);
      expect(invoices.map(({ total, status }) => [total, status])).toEqual(
        way === 'stripe_invoice' ? [[3_000, 'open']] : [],
      );
      const pushes = await fixture.pushes(invoiceId);
      expect(pushes.map(({ state }) => state)).toEqual(pushes.map(() => 'confirmed'));
    },
  );

  test('holding a customer blocks it only until its lease ends', async () => {
    const { invoiceId, customer } = await fixture.billedTenant();
    const heldUntil = new Date(fixture.clock.now().getTime() + 1);
    await fixture.prisma.stripeLease.create({
      data: { key: `customer ${customer}`, holder: invoiceId, heldUntil },
    });
    await expect(fixture.collect(invoiceId)).rejects.toThrow('is being worked on');
    fixture.clock.advance(1);
    await fixture.collect(invoiceId);
    expect(await fixture.items(customer)).toHaveLength(1);
    expect(await fixture.prisma.stripeLease.count()).toBe(0);
  });
});

describe('an amount below Stripe’s minimum', () => {
  test('waits for the next invoice of the tenant, and is on it once', async () => {
    const first = await fixture.billedTenant({ ...owed, messages: 3 });
    await fixture.collect(first.invoiceId);
    expect(await invoicesOf(first.customer)).toEqual([]);
    expect(await fixture.pushes(first.invoiceId)).toMatchObject([{ state: 'deferred' }]);
    expect(await fixture.invoice(first.invoiceId)).toMatchObject({ state: 'issued', wakeAt: null });

    const second = await fixture.bill(first.tenantId, { messages: 10 });
    await fixture.collect(second);
    await fixture.collect(first.invoiceId);
    const [invoice] = await invoicesOf(first.customer);
    expect(invoice).toMatchObject({ total: 450 + 1_500, status: 'open' });
    expect(await fixture.items(first.customer)).toHaveLength(2);

    await fixture.stripe.invoices.pay(invoice?.id ?? '');
    for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
    expect(await fixture.invoice(first.invoiceId)).toMatchObject({ state: 'paid' });
    expect(await fixture.invoice(second)).toMatchObject({ state: 'paid' });
    expect(await fixture.account(first.tenantId)).toMatchObject({ balanceMicros: 0n });
  });

  test.each([1, 2, 3, 4])(
    'is neither lost nor doubled when the next one’s process dies at write %s',
    async (write) => {
      for (const when of ['before', 'after'] as const) {
        const first = await fixture.billedTenant({ ...owed, messages: 3 });
        await fixture.collect(first.invoiceId);
        const second = await fixture.bill(first.tenantId, { messages: 10 });
        await expect(fixture.collectWith(fixture.dyingStripe(write, when), second)).rejects.toThrow();
        await fixture.collect(second);
        expect((await invoicesOf(first.customer)).map(({ total, status }) => [total, status])).toEqual([
          [1_950, 'open'],
        ]);
      }
    },
  );
});

describe('a way that is not built', () => {
  test('is told to operators, and not silently forgotten', async () => {
    const { invoiceId } = await fixture.billedTenant({ collection: 'sippy' });
    await fixture.collect(invoiceId);
    expect(await fixture.alerts()).toContainEqual(
      expect.objectContaining({ kind: 'collection_not_built', subject: invoiceId }),
    );
  });
});

describe('an item that no subscription invoice takes in', () => {
  test.each(['waited for 35 days', 'lost its subscription'])(
    'because it %s goes on a Stripe invoice of its own, once',
    async (why) => {
      const { invoiceId, customer, subscription, tenantId } = await fixture.billedTenant({ messages: 20 });
      await fixture.collect(invoiceId);
      if (why === 'waited for 35 days') fixture.clock.advance(36 * DAY_MS);
      else
        await fixture.prisma.stripeSubscription.create({
          data: {
            id: subscription,
            tenantId,
            customerId: customer,
            currency: 'CZK',
            status: 'canceled',
            readAt: fixture.clock.now(),
          },
        });
      await sweepPendingItems(fixture.deps);
      await sweepPendingItems(fixture.deps);
      const items = await fixture.items(customer);
      expect(items).toMatchObject([{ amount: 3_000, invoice: expect.any(String) }]);
      expect(await invoicesOf(customer)).toMatchObject([{ total: 3_000, status: 'open' }]);
      const [invoice] = await invoicesOf(customer);
      await fixture.stripe.invoices.pay(invoice?.id ?? '');
      for (const event of fixture.takeEvents()) await fixture.applyEvent(event);
      expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid' });
      expect((await fixture.alerts()).filter((alert) => alert.tenantId === tenantId)).toEqual([]);
    },
  );

  test.each([1, 2, 3, 4])('is not doubled when the sweep dies at write %s', async (write) => {
    for (const when of ['before', 'after'] as const) {
      const { invoiceId, customer } = await fixture.billedTenant({ messages: 20 });
      await fixture.collect(invoiceId);
      fixture.clock.advance(36 * DAY_MS);
      await expect(
        sweepPendingItems({ ...fixture.deps, stripe: fixture.dyingStripe(write, when) }),
      ).rejects.toThrow();
      await sweepPendingItems(fixture.deps);
      await fixture.collect(invoiceId);
      expect(await fixture.items(customer)).toMatchObject([{ amount: 3_000 }]);
      expect((await invoicesOf(customer)).map(({ total, status }) => [total, status])).toEqual([
        [3_000, 'open'],
      ]);
    }
  });
});
