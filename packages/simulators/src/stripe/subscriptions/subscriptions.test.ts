import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type RunningStripe, runStripe, type Shop } from '../../testing/run-stripe.ts';

let running: RunningStripe;
let stripe: Stripe;
let shop: Shop;
beforeEach(async () => {
  running = await runStripe();
  stripe = running.stripe;
  shop = await openShop(stripe);
});
afterEach(() => running.simulator.close());

const subscribe = (params: Partial<Stripe.SubscriptionCreateParams> = {}) =>
  stripe.subscriptions.create({
    customer: shop.customer.id,
    items: [{ price: shop.planPrice.id }],
    expand: ['latest_invoice'],
    ...params,
  });
const usage = (params: Partial<Stripe.InvoiceItemCreateParams> = {}) =>
  stripe.invoiceItems.create({ customer: shop.customer.id, amount: 5_000, currency: 'czk', ...params });
const seconds = (instant: string) => Date.parse(instant) / 1000;
const types = () => running.simulator.objects.events().map(({ type }) => type);

describe('a subscription', () => {
  it('is active once its first invoice is paid, for the month from now', async () => {
    const subscription = await subscribe({ metadata: { plan: 'pro' } });
    expect(subscription).toMatchObject({ status: 'active', currency: 'czk', metadata: { plan: 'pro' } });
    expect(subscription.items.data).toMatchObject([
      {
        current_period_start: seconds('2026-09-01T10:00:00Z'),
        current_period_end: seconds('2026-10-01T10:00:00Z'),
        quantity: 1,
      },
    ]);
    expect(subscription.latest_invoice).toMatchObject({
      status: 'paid',
      billing_reason: 'subscription_create',
      total: 49_900,
      parent: { subscription_details: { subscription: subscription.id, metadata: { plan: 'pro' } } },
    });
  });

  it('waits for its first payment when told to, or when the card is declined', async () => {
    const waiting = await subscribe({ payment_behavior: 'default_incomplete' });
    expect(waiting).toMatchObject({ status: 'incomplete', latest_invoice: { status: 'open' } });
    await stripe.invoices.pay((waiting.latest_invoice as Stripe.Invoice).id);
    expect((await stripe.subscriptions.retrieve(waiting.id)).status).toBe('active');
    running.simulator.faults.set({ declinePayments: true });
    expect((await subscribe()).status).toBe('incomplete');
    const count = running.simulator.objects.subscriptions().length;
    const refused = subscribe({ payment_behavior: 'error_if_incomplete' });
    await expect(refused).rejects.toMatchObject({ type: 'StripeCardError' });
    expect(running.simulator.objects.subscriptions()).toHaveLength(count);
  });

  it('in a second currency is refused', async () => {
    await subscribe();
    const recurring = { interval: 'month' } as const;
    const price = await stripe.prices.create({
      product: shop.product.id,
      currency: 'eur',
      unit_amount: 500,
      recurring,
    });
    const refused = subscribe({ items: [{ price: price.id }] });
    await expect(refused).rejects.toMatchObject({ statusCode: 400, param: 'currency' });
  });

  it('with automatic tax needs a customer with a country', async () => {
    await stripe.customers.update(shop.customer.id, { address: '' });
    const refused = subscribe({ automatic_tax: { enabled: true } });
    await expect(refused).rejects.toMatchObject({ code: 'customer_tax_location_invalid' });
  });

  it('takes recurring prices only', async () => {
    const refused = subscribe({ items: [{ price: shop.segmentPrice.id }] });
    await expect(refused).rejects.toMatchObject({ param: 'items[0][price]' });
  });

  it('changes its items without proration, and refuses to prorate', async () => {
    const { id, items } = await subscribe();
    const changed = [{ id: items.data[0]?.id ?? '', quantity: 3 }];
    await expect(stripe.subscriptions.update(id, { items: changed })).rejects.toMatchObject({
      code: 'not_simulated',
    });
    const update = { items: changed, proration_behavior: 'none', description: 'Three' } as const;
    expect(await stripe.subscriptions.update(id, update)).toMatchObject({
      description: 'Three',
      items: { data: [{ quantity: 3 }] },
    });
    running.setTime('2026-10-01T10:00:00Z');
    expect(running.simulator.renewSubscription(id)?.total).toBe(149_700);
  });

  it('that is canceled takes no items any more, and leaves its pending ones', async () => {
    const { id } = await subscribe();
    const item = await usage({ subscription: id });
    const canceled = await stripe.subscriptions.cancel(id);
    expect(canceled).toMatchObject({ status: 'canceled', ended_at: seconds('2026-09-01T10:00:00Z') });
    expect(types().at(-1)).toBe('customer.subscription.deleted');
    await expect(usage({ subscription: id })).rejects.toMatchObject({ param: 'subscription' });
    expect((await stripe.invoiceItems.retrieve(item.id)).invoice).toBeNull();
    const { data } = await stripe.subscriptions.list({ customer: shop.customer.id });
    expect(data).toEqual([]);
    const all = await stripe.subscriptions.list({ customer: shop.customer.id, status: 'all' });
    expect(all.data.map((one) => one.id)).toEqual([id]);
  });

  it('bills its pending items on the way out when told to', async () => {
    const { id } = await subscribe();
    await usage({ subscription: id });
    await stripe.subscriptions.cancel(id, { invoice_now: true });
    const [last] = (await stripe.invoices.list({ subscription: id })).data;
    expect(last).toMatchObject({ total: 5_000, status: 'paid', billing_reason: 'subscription_update' });
  });
});

describe('a renewal', () => {
  it('bills the items reserved for it and those reserved for none, then the plan', async () => {
    const { id } = await subscribe();
    const other = await subscribe();
    const reserved = await usage({ subscription: id, description: 'SMS', metadata: { push_id: '1' } });
    const free = await usage({ amount: 700 });
    const elsewhere = await usage({ subscription: other.id });
    const inEuros = await usage({ currency: 'eur' });
    running.setTime('2026-10-01T10:00:00Z');
    const [first] = running.simulator.renewDueSubscriptions();
    expect(first).toMatchObject({
      billing_reason: 'subscription_cycle',
      period_start: seconds('2026-09-01T10:00:00Z'),
      period_end: seconds('2026-10-01T10:00:00Z'),
      status: 'paid',
      amount_paid: 55_600,
    });
    const { data } = await stripe.invoices.listLineItems(first?.id ?? '');
    expect(data.map(({ parent }) => parent?.invoice_item_details?.invoice_item)).toEqual([
      free.id,
      reserved.id,
      undefined,
    ]);
    expect(data[1]).toMatchObject({ description: 'SMS', metadata: { push_id: '1' }, subscription: id });
    expect(data[2]).toMatchObject({
      amount: 49_900,
      period: { start: seconds('2026-10-01T10:00:00Z'), end: seconds('2026-11-01T10:00:00Z') },
      parent: { type: 'subscription_item_details', subscription_item_details: { subscription: id } },
    });
    expect((await stripe.invoiceItems.retrieve(reserved.id)).invoice).toBe(first?.id);
    const second = (await stripe.invoiceItems.retrieve(elsewhere.id, { expand: ['invoice'] })).invoice;
    expect(second).toMatchObject({ total: 54_900 });
    expect((await stripe.invoiceItems.retrieve(inEuros.id)).invoice).toBeNull();
  });

  it('bills what a meter counted in the period that ended, of that customer', async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'Segments',
      event_name: 'segments',
      default_aggregation: { formula: 'sum' },
    });
    const price = await stripe.prices.create({
      product: shop.product.id,
      currency: 'czk',
      unit_amount: 150,
      recurring: { interval: 'month', usage_type: 'metered', meter: meter.id },
    });
    const { id, items, latest_invoice } = await subscribe({ items: [{ price: price.id }] });
    expect(items.data[0]).not.toHaveProperty('quantity');
    expect(latest_invoice).toMatchObject({ total: 0, status: 'paid' });
    const use = (customer: string, value: string, at: string) =>
      stripe.billing.meterEvents.create({
        event_name: 'segments',
        timestamp: seconds(at),
        payload: { stripe_customer_id: customer, value },
      });
    const other = await stripe.customers.create();
    running.setTime('2026-10-01T10:00:00Z');
    await use(shop.customer.id, '7', '2026-09-01T10:00:00Z');
    await use(shop.customer.id, '5', '2026-10-01T09:59:59Z');
    await use(shop.customer.id, '100', '2026-10-01T10:00:00Z');
    await use(other.id, '100', '2026-09-02T10:00:00Z');
    running.simulator.renewSubscription(id);
    const [invoice] = (await stripe.invoices.list({ subscription: id })).data;
    expect(invoice).toMatchObject({ total: 1_800, status: 'paid' });
    expect(invoice?.lines.data).toMatchObject([
      {
        quantity: 12,
        period: { start: seconds('2026-09-01T10:00:00Z'), end: seconds('2026-10-01T10:00:00Z') },
        pricing: { price_details: { price: price.id } },
      },
    ]);
    await expect(subscribe({ items: [{ price: price.id, quantity: 2 }] })).rejects.toMatchObject({
      param: 'quantity',
    });
  });

  it('moves the period on and tells of every step', async () => {
    const { id } = await subscribe();
    const before = types().length;
    running.simulator.renewSubscription(id);
    const { items, status } = await stripe.subscriptions.retrieve(id);
    expect(items.data).toMatchObject([
      {
        current_period_start: seconds('2026-10-01T10:00:00Z'),
        current_period_end: seconds('2026-11-01T10:00:00Z'),
      },
    ]);
    expect(status).toBe('active');
    const told = types().slice(before);
    const main = ['invoice.created', 'invoice.finalized', 'invoice_payment.paid', 'invoice.paid'];
    expect(told.filter((type) => main.includes(type))).toEqual(main);
    expect(told).toContain('customer.subscription.updated');
  });

  it('that cannot be paid makes the subscription past due until it is', async () => {
    const { id } = await subscribe();
    running.simulator.faults.set({ declinePayments: true });
    const invoice = running.simulator.renewSubscription(id);
    expect(invoice).toMatchObject({ status: 'open', attempt_count: 1 });
    expect(types()).toContain('invoice.payment_failed');
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('past_due');
    running.simulator.faults.clear();
    expect(running.simulator.payInvoice(invoice?.id ?? '').status).toBe('paid');
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('active');
  });

  it('takes 250 pending items and leaves the rest for the next one', async () => {
    const { id } = await subscribe();
    for (let count = 0; count < 252; count += 1) await usage({ amount: 10 });
    expect(running.simulator.renewSubscription(id)?.total).toBe(49_900 + 2_500);
    expect(running.simulator.renewSubscription(id)?.total).toBe(49_900 + 20);
  });

  it('ends a subscription that was to end with its period', async () => {
    const { id } = await subscribe();
    await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    expect(running.simulator.renewSubscription(id)).toBeNull();
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled');
  });

  it('happens as often as the period has ended', async () => {
    const { id } = await subscribe();
    running.setTime('2026-11-30T10:00:00Z');
    expect(running.simulator.renewDueSubscriptions()).toHaveLength(2);
    expect(running.simulator.renewDueSubscriptions()).toEqual([]);
    expect((await stripe.invoices.list({ subscription: id })).data).toHaveLength(3);
  });

  it('of a yearly plan is not needed to bill pending items monthly', async () => {
    const recurring = { interval: 'year' } as const;
    const { id: price } = await stripe.prices.create({
      product: shop.product.id,
      currency: 'czk',
      unit_amount: 500_000,
      recurring,
    });
    const pending_invoice_item_interval = { interval: 'month' } as const;
    const { id } = await subscribe({ items: [{ price }], pending_invoice_item_interval });
    await usage({ subscription: id });
    running.setTime('2026-10-01T10:00:00Z');
    running.simulator.advanceDue();
    const [latest] = (await stripe.invoices.list({ subscription: id })).data;
    expect(latest).toMatchObject({ total: 5_000, billing_reason: 'automatic_pending_invoice_item_invoice' });
    expect((await stripe.subscriptions.retrieve(id)).next_pending_invoice_item_invoice).toBe(
      seconds('2026-11-01T10:00:00Z'),
    );
  });
});
