import { recordPurchase } from '@tollgate/shared/credit/record-purchase.ts';
import { describe, expect, test } from 'vitest';
import { gatewayForEachTest } from './gateway.ts';
import { requestsOf } from './requests-of.ts';

// The story of a top-up, whose payment fails, succeeds later and is reported again and again, is told in
// services/invoicer/tests/top-ups.test.ts. Here: nothing but a payment makes credit, and it once.

const gateway = gatewayForEachTest();

/** Every entry of every tenant that gives credit, except what tests gave at the start. */
async function creditGiven() {
  const entries = await gateway().prisma.ledgerEntry.findMany({
    where: { amountMicros: { gt: 0n }, NOT: { reference: { startsWith: 'opening ' } } },
  });
  return entries.map(({ tenantId, kind, amountMicros }) => [tenantId, kind, amountMicros]);
}

describe('10. Credit comes once per payment', () => {
  test('however often and however many at once the payment is recorded', async () => {
    const { tenantWithKey, prisma, clock, call } = gateway();
    const { tenant, key } = await tenantWithKey({ balanceMicros: 0n });
    const payment = {
      tenantId: tenant.id,
      currency: 'CZK',
      amountMicros: 500_000_000n,
      reference: 'stripe pi_1',
      description: 'a payment',
      createdBy: 'test',
    };
    const record = () => prisma.$transaction((db) => recordPurchase(db, payment, clock.now()));
    const results = await Promise.allSettled(Array.from({ length: 8 }, record));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(record()).rejects.toThrow();
    expect(await creditGiven()).toEqual([[tenant.id, 'purchase', 500_000_000n]]);
    expect((await call('GET', '/v1/billing/balance', { key })).body).toMatchObject({ balance: '500.00' });
  });

  test('when the payment of an invoice fails, succeeds, and both are told again and again', async () => {
    const { stripe, stripeClient, postStripe, work } = gateway();
    const { tenant, customer, subscription } = await owingTenant();
    stripe.faults.set({ declinePayments: true });
    stripe.renewSubscription(subscription);
    const failed = await tellEverything();
    // Signed, and still not true: what counts is how the invoice stands at Stripe.
    const [unpaid] = (await stripeClient.invoices.list({ customer, status: 'open' })).data;
    await postStripe({ id: 'evt_early', type: 'invoice.paid', data: { object: unpaid } });
    await work();
    expect(await creditGiven()).toEqual([]);

    stripe.faults.set({ declinePayments: false });
    await stripeClient.invoices.pay(unpaid?.id ?? '');
    const all = await tellEverything();
    for (const event of [...failed, ...all]) {
      await postStripe(event);
      await postStripe({ ...event, id: `${event.id}_again` });
    }
    await work();
    expect(await creditGiven()).toEqual([[tenant.id, 'invoice_payment', 1_500_000n]]);
  });
});

describe('10. No credit comes', () => {
  test('of events that Stripe did not sign', async () => {
    const { stripe, stripeClient, postStripe, work } = gateway();
    const { customer, subscription } = await owingTenant();
    stripe.renewSubscription(subscription);
    const [paid] = (await stripeClient.invoices.list({ customer, status: 'paid', limit: 1 })).data;
    const forged = await postStripe(
      { id: 'evt_forged', type: 'invoice.paid', data: { object: paid } },
      'whsec_guessed',
    );
    expect(forged).toMatchObject({ status: 400, body: { code: 'invalid_signature' } });
    await work();
    expect(await creditGiven()).toEqual([]);
  });

  test('of payments at Stripe that are not for usage of ours, whatever they say of themselves', async () => {
    const { stripe, billedTenant, postStripe, work } = gateway();
    const { tenant, customer, subscription } = await billedTenant();
    stripe.renewSubscription(subscription);
    await tellEverything();
    const claims = {
      customer,
      amount: 100_000,
      amount_received: 100_000,
      amount_total: 100_000,
      currency: 'czk',
      status: 'succeeded',
      payment_status: 'paid',
      client_reference_id: tenant.id,
      metadata: { tenant_id: tenant.id, tenantId: tenant.id, kind: 'topup' },
    };
    const foreign = [
      ['checkout.session.completed', { id: 'cs_1', object: 'checkout.session' }],
      ['checkout.session.async_payment_succeeded', { id: 'cs_1', object: 'checkout.session' }],
      ['payment_intent.succeeded', { id: 'pi_1', object: 'payment_intent' }],
      ['charge.succeeded', { id: 'ch_1', object: 'charge' }],
      [
        'customer_cash_balance_transaction.created',
        { id: 'ccsbtxn_1', object: 'customer_cash_balance_transaction' },
      ],
    ] as const;
    for (const [type, object] of foreign) {
      for (const id of [`evt_${type}`, `evt_${type}`, `evt_${type}_again`]) {
        const event = { id, object: 'event', type, data: { object: { ...object, ...claims } } };
        expect((await postStripe(event)).status).toBe(200);
      }
    }
    await work();
    expect(await creditGiven()).toEqual([]);
  });

  test('of any request, with a tenant’s key of all scopes or with none', async () => {
    const { call, work, deliver, tenantWithKey, send, routes, simulator } = gateway();
    const { key } = await tenantWithKey();
    const { body: message } = await send(key, { to: '+420777123456', body: 'Hello' });
    const { body: description } = await call('GET', '/openapi.json');
    const requests = requestsOf(description, routes, message.id);
    expect(requests.length).toBeGreaterThan(routes.length);
    for (const { method, path, json } of requests) {
      for (const caller of [{ key }, {}]) {
        const { status } = await call(method, path, { ...caller, ...(json && { json }) });
        // 503: Stripe has no portal here, because nobody has set one up.
        const isOurMistake = status >= 500 && status !== 503;
        expect(isOurMistake, `${status} of ${method} ${path} ${JSON.stringify(json)}`).toBe(false);
        // Now, because one of the requests suspends the account.
        if (status === 202) await work();
      }
    }
    await work();
    await deliver();
    // The requests do something where they may: they sent further SMS.
    expect(simulator.received().length).toBeGreaterThan(1);
    expect(await creditGiven()).toEqual([]);
  });
});

/** A postpaid tenant with an invoice of 1.50 whose item waits at Stripe for the subscription's renewal. */
async function owingTenant() {
  const { billedTenant, send, work, deliver, goTo, closeMonth, itemsOf } = gateway();
  const billed = await billedTenant();
  await send(billed.key, { to: '+420777123456', body: 'Your parcel is ready.' });
  await work();
  await deliver();
  goTo('2026-04-01T02:00:00Z');
  await closeMonth();
  expect(itemsOf(billed.customer)).toEqual([150]);
  return billed;
}

/** Posts everything that happened at Stripe so far, and applies it. */
async function tellEverything() {
  const { stripe, postStripe, work } = gateway();
  const events = stripe.objects.events();
  for (const event of events) expect((await postStripe(event)).status).toBe(200);
  await work();
  return events;
}
