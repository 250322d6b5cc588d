import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningStripe, runStripe } from '../../testing/run-stripe.ts';

let running: RunningStripe;
let stripe: Stripe;
let customer: string;
beforeEach(async () => {
  running = await runStripe();
  stripe = running.stripe;
  customer = (await stripe.customers.create({ name: 'ACME' })).id;
});
afterEach(() => running.simulator.close());

const open = (changes: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    customer,
    line_items: [
      {
        quantity: 1,
        price_data: { currency: 'czk', unit_amount: 50_000, product_data: { name: 'SMS credit' } },
      },
    ],
    payment_intent_data: { metadata: { top_up_id: 'top_1' } },
    success_url: 'https://shop.example/paid?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://shop.example/back',
    ...changes,
  });

const press = (path: string, fields: Record<string, string>) =>
  fetch(path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

const types = () => running.simulator.objects.events().map(({ type }) => type);

describe('a Checkout page', () => {
  it('shows what is paid for, escaped, and leads back paid', async () => {
    const product = { name: '<b>SMS</b>' };
    const session = await open({
      line_items: [
        { quantity: 2, price_data: { currency: 'czk', unit_amount: 25_000, product_data: product } },
      ],
    });
    const page = await (await fetch(session.url ?? '')).text();
    expect(page).toContain('&lt;b&gt;SMS&lt;/b&gt;');
    expect(page).toContain('500.00 CZK');
    expect(page).toContain('https://shop.example/back');
    const answer = await press(`${session.url}/pay`, { with: 'card' });
    expect(answer.headers.get('location')).toBe(`https://shop.example/paid?session=${session.id}`);
    const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
    expect(paid).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      amount_total: 50_000,
      url: null,
      payment_intent: { status: 'succeeded', amount_received: 50_000, metadata: { top_up_id: 'top_1' } },
    });
    expect(types().slice(-4)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
  });

  it('stays open for another card when one is declined', async () => {
    const session = await open();
    const answer = await press(`${session.url}/pay`, { with: 'declined' });
    expect(await answer.text()).toContain('Your card was declined.');
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
    });
    expect(types().at(-1)).toBe('payment_intent.payment_failed');
    expect((await press(`${session.url}/pay`, { with: 'card' })).status).toBe(303);
  });

  it('takes a debit that arrives, or bounces, later', async () => {
    for (const paid of ['yes', 'no']) {
      const session = await open();
      await press(`${session.url}/pay`, { with: 'later' });
      expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
        status: 'complete',
        payment_status: 'unpaid',
      });
      await press(`${session.url}/settle`, { paid });
      const { payment_status: status } = await stripe.checkout.sessions.retrieve(session.id);
      expect([status, types().at(-1)]).toEqual(
        paid === 'yes'
          ? ['paid', 'checkout.session.async_payment_succeeded']
          : ['unpaid', 'checkout.session.async_payment_failed'],
      );
    }
  });

  it('is gone once it has expired, by a call or by time', async () => {
    const first = await open();
    await stripe.checkout.sessions.expire(first.id);
    await expect(stripe.checkout.sessions.expire(first.id)).rejects.toMatchObject({ statusCode: 400 });
    const second = await open();
    running.setTime('2026-09-02T10:00:00.000Z');
    running.simulator.advanceDue();
    expect(await stripe.checkout.sessions.retrieve(second.id)).toMatchObject({
      status: 'expired',
      url: null,
    });
    expect(
      await (await press(`${running.simulator.baseUrl}/checkout/${second.id}/pay`, { with: 'card' })).text(),
    ).toContain('This session is expired.');
    expect((await fetch(`${running.simulator.baseUrl}/checkout/cs_1`)).status).toBe(404);
  });

  it('adds tax by the country where it is told to, and asks for one', async () => {
    await expect(open({ automatic_tax: { enabled: true } })).rejects.toMatchObject({
      code: 'customer_tax_location_invalid',
    });
    const session = await open({ automatic_tax: { enabled: true }, customer_update: { address: 'auto' } });
    running.simulator.payCheckout(session.id);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      amount_subtotal: 50_000,
      amount_total: 60_500,
      total_details: { amount_tax: 10_500 },
    });
  });

  it('saves a card, with a payment or without one', async () => {
    const paid = await open({ payment_intent_data: { setup_future_usage: 'off_session' } });
    running.simulator.payCheckout(paid.id);
    const setup = await stripe.checkout.sessions.create({
      mode: 'setup',
      customer,
      currency: 'czk',
      success_url: 'https://shop.example',
    });
    running.simulator.payCheckout(setup.id, { with: 'authentication' });
    const { data } = await stripe.customers.listPaymentMethods(customer, { type: 'card' });
    expect(data.map(({ card }) => card?.last4)).toEqual(['3184', '4242']);
  });

  it('starts a subscription', async () => {
    const product = await stripe.products.create({ name: 'Pro' });
    const price = await stripe.prices.create({
      product: product.id,
      currency: 'czk',
      unit_amount: 79_000,
      recurring: { interval: 'year' },
    });
    const session = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer,
      line_items: [{ price: price.id, quantity: 1 }],
      subscription_data: {
        metadata: { tenant_id: 'tnt_1' },
        pending_invoice_item_interval: { interval: 'month' },
      },
      success_url: 'https://shop.example',
    });
    running.simulator.payCheckout(session.id);
    const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] });
    expect(done).toMatchObject({
      payment_status: 'paid',
      subscription: {
        status: 'active',
        metadata: { tenant_id: 'tnt_1' },
        pending_invoice_item_interval: { interval: 'month', interval_count: 1 },
      },
    });
  });

  it.each([
    [
      'an amount below the minimum',
      {
        line_items: [
          { quantity: 1, price_data: { currency: 'czk', unit_amount: 100, product_data: { name: 'x' } } },
        ],
      },
      'amount_too_small',
    ],
    ['a parameter that is gone', { payment_method_types: ['card'] }, 'parameter_unknown'],
    ['no page to lead back to', { success_url: undefined }, 'parameter_missing'],
  ])('is refused for %s', async (_, changes, code) => {
    await expect(open(changes as Partial<Stripe.Checkout.SessionCreateParams>)).rejects.toMatchObject({
      code,
    });
  });
});

describe('a payment without its owner', () => {
  const charge = async (card: string) => {
    const method = await stripe.paymentMethods.attach(card, { customer });
    return stripe.paymentIntents.create({
      amount: 50_000,
      currency: 'czk',
      customer,
      payment_method: method.id,
      confirm: true,
      off_session: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
  };

  it('goes through with a good card', async () => {
    expect(await charge('pm_card_visa')).toMatchObject({
      status: 'succeeded',
      latest_charge: expect.stringMatching(/^ch_/),
    });
  });

  it.each([
    ['pm_card_chargeCustomerFail', 'card_declined'],
    ['pm_card_authenticationRequired', 'authentication_required'],
  ])('fails with %s, and the error carries the payment', async (card, code) => {
    await expect(charge(card)).rejects.toMatchObject({
      statusCode: 402,
      code,
      payment_intent: { status: 'requires_payment_method', id: expect.stringMatching(/^pi_/) },
    });
  });

  it('cannot be refunded by more than it brought, and gets back what failed to go back', async () => {
    const intent = await charge('pm_card_visa');
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 30_000 });
    await expect(stripe.refunds.create({ payment_intent: intent.id, amount: 30_000 })).rejects.toMatchObject({
      statusCode: 400,
    });
    running.simulator.failRefund(refund.id);
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({ status: 'failed' });
    expect(await stripe.charges.retrieve(String(intent.latest_charge))).toMatchObject({ amount_refunded: 0 });
  });

  it('is disputed, loses its money, and has it back when the dispute is won', async () => {
    const intent = await charge('pm_card_visa');
    const { id } = running.simulator.openDispute({ payment_intent: intent.id });
    expect(await stripe.disputes.retrieve(id)).toMatchObject({
      status: 'needs_response',
      balance_transactions: [{ amount: -50_000 }],
    });
    running.simulator.closeDispute(id, { outcome: 'won' });
    const { balance_transactions: moved } = await stripe.disputes.retrieve(id);
    expect(moved.reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
    expect(types().filter((type) => type.startsWith('charge.dispute.'))).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
  });
});

describe('a meter', () => {
  it('knows an identifier for a day, takes nothing older than 35 days, and adds up by customer', async () => {
    const meter = await stripe.billing.meters.create({
      display_name: 'SMS',
      event_name: 'sms',
      default_aggregation: { formula: 'sum' },
    });
    const tell = (identifier: string, timestamp?: number) =>
      stripe.billing.meterEvents.create({
        event_name: 'sms',
        identifier,
        payload: { stripe_customer_id: customer, value: '2' },
        ...(timestamp && { timestamp }),
      });
    await tell('a');
    await expect(tell('a')).rejects.toMatchObject({ code: 'resource_already_exists' });
    const now = Date.parse('2026-09-01T10:00:00Z') / 1000;
    await expect(tell('b', now - 36 * 86_400)).rejects.toMatchObject({ statusCode: 400 });
    running.setTime('2026-09-02T10:00:01.000Z');
    await tell('a');
    const { data } = await stripe.billing.meters.listEventSummaries(meter.id, {
      customer,
      start_time: Date.parse('2026-09-01T00:00:00Z') / 1000,
      end_time: Date.parse('2026-09-03T00:00:00Z') / 1000,
    });
    expect(data).toMatchObject([{ aggregated_value: 4 }]);
  });
});
