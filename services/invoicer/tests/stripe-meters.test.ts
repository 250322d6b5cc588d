import { DAY_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { notificationOf } from '@tollgate/simulators/stripe/events/thin-event.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideMeter } from '../src/collect-invoice/meters/decide-meter.ts';
import { tellMeters } from '../src/collect-invoice/meters/tell-meters.ts';
import { type StripeFixture, startStripeFixture } from './stripe-fixture.ts';

let fixture: StripeFixture;
let meterId: string;

const collectSettings = { taxMode: 'none', smsPrices: {}, meters: { sms_sent: 'sms_segments' } } as const;

beforeAll(async () => {
  fixture = await startStripeFixture();
  const meter = await fixture.stripe.billing.meters.create({
    display_name: 'SMS segments',
    event_name: 'sms_segments',
    default_aggregation: { formula: 'sum' },
    customer_mapping: { type: 'by_id', event_payload_key: 'stripe_customer_id' },
    value_settings: { event_payload_key: 'value' },
  });
  meterId = meter.id;
});
afterAll(() => fixture.close());

const deps = (change = {}) => ({ ...fixture.deps, collectSettings, ...change });

async function toldTo(customer: string): Promise<number> {
  const day = 24 * 60 * 60;
  const end = (Math.floor(fixture.clock.now().getTime() / 1_000 / day) + 1) * day;
  const summaries = await fixture.stripe.billing.meters.listEventSummaries(meterId, {
    customer,
    start_time: end - 40 * day,
    end_time: end,
  });
  return summaries.data.reduce((sum, { aggregated_value }) => sum + aggregated_value, 0);
}

/** Used today; the day is closed. */
async function used(messages = 7) {
  const billed = await fixture.billedTenant({ collection: 'stripe_meter', messages });
  fixture.clock.advance(DAY_MS);
  return billed;
}

describe('usage of closed days', () => {
  test('is told once, however often it is asked for', async () => {
    const { customer, tenantId } = await used();
    expect(await tellMeters(deps(), { tenantId })).toBe(1);
    expect(await tellMeters(deps(), { tenantId })).toBe(0);
    expect(await toldTo(customer)).toBe(7);
  });

  test.each(['before', 'after'] as const)('is told once when the process dies %s the call', async (when) => {
    const { customer, tenantId } = await used();
    await tellMeters(deps({ stripe: fixture.dyingStripe(1, when) }), { tenantId });
    await tellMeters(deps(), { tenantId });
    expect(await toldTo(customer)).toBe(7);
    expect(await fixture.prisma.meterPush.findMany({ where: { tenantId } })).toMatchObject([
      { state: 'confirmed' },
    ]);
  });

  test('of which nobody knows for a day whether it was told is not told again, and operators hear of it', async () => {
    const { customer, tenantId } = await used();
    await tellMeters(deps({ stripe: fixture.dyingStripe(1, 'after') }), { tenantId });
    fixture.clock.advance(2 * DAY_MS);
    await tellMeters(deps(), { tenantId });
    expect(await toldTo(customer)).toBe(7);
    expect(await fixture.alerts()).toContainEqual(
      expect.objectContaining({ kind: 'stripe_meter_push_stopped', tenantId }),
    );
  });
});

const applyEvents = async () => {
  for (const event of fixture.takeEvents()) await fixture.applyEvent(event, { collectSettings });
};

/** A tenant whose subscription has a metered price of 1.50 CZK and nothing else; the usage of its period is told. */
async function metered(messages = 20, paymentTerms = 'postpaid') {
  const billed = await fixture.billedTenant({
    collection: 'stripe_meter',
    messages,
    withSubscription: false,
  });
  const { customer, tenantId } = billed;
  const price = await fixture.stripe.prices.create({
    product_data: { name: 'SMS' },
    currency: 'czk',
    unit_amount: 150,
    recurring: { interval: 'month', usage_type: 'metered', meter: meterId },
  });
  const { id: subscription } = await fixture.stripe.subscriptions.create({
    customer,
    items: [{ price: price.id }],
  });
  const data = { stripeSubscriptionId: subscription };
  await fixture.prisma.billingSettings.update({ where: { tenantId }, data });
  await fixture.prisma.tenant.update({ where: { id: tenantId }, data: { paymentTerms } });
  fixture.clock.advance(DAY_MS);
  await tellMeters(deps(), { tenantId });
  return { ...billed, subscription };
}

/** The period of the subscription ends, and its invoice is paid. */
async function renew(subscription: string): Promise<void> {
  const { items } = await fixture.stripe.subscriptions.retrieve(subscription);
  const endsAt = (items.data[0]?.current_period_end ?? 0) * SECOND_MS;
  fixture.clock.advance(endsAt - fixture.clock.now().getTime());
  fixture.renew(subscription);
}

const entriesOf = async (tenantId: string) => {
  const where = { tenantId, kind: { not: 'sms_send' } };
  const rows = await fixture.prisma.ledgerEntry.findMany({ where, orderBy: { sequence: 'asc' } });
  return rows.map(({ kind, amountMicros }) => [kind, amountMicros]);
};

describe('usage that a price of the meter collects', () => {
  test('is paid by the invoice of the period that holds the end of ours, once, and by no other one', async () => {
    const { invoiceId, tenantId, customer, subscription } = await metered();
    await fixture.collectBy(collectSettings, invoiceId);
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'issued', wakeAt: null });
    await renew(subscription);
    const [invoice] = (await fixture.stripe.invoices.list({ customer })).data;
    expect(invoice).toMatchObject({ status: 'paid', total: 3_000 });
    const events = fixture.takeEvents();
    for (const event of [...events, ...events.toReversed()])
      await fixture.applyEvent(event, { collectSettings });
    expect(await fixture.invoice(invoiceId)).toMatchObject({
      state: 'paid',
      paymentCount: 1,
      stripeInvoiceId: invoice?.id,
    });
    expect(await entriesOf(tenantId)).toEqual([['invoice_payment', 30_000_000n]]);
    expect(await fixture.account(tenantId)).toMatchObject({ balanceMicros: 0n });
  });

  test('stays unpaid where its invoice was not, and a later invoice does not pay for it', async () => {
    const { invoiceId, customer, subscription } = await metered();
    fixture.declinePayments(true);
    await renew(subscription);
    fixture.declinePayments(false);
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'payment_failed' });
    const [unpaid] = (await fixture.stripe.invoices.list({ customer, status: 'open' })).data;
    // The first invoice of another subscription is paid, with an empty line of the meter.
    const { items } = await fixture.stripe.subscriptions.retrieve(subscription);
    const again = [{ price: items.data[0]?.price.id ?? '' }];
    await fixture.stripe.subscriptions.create({ customer, items: again });
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'payment_failed' });
    await renew(subscription);
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'payment_failed' });
    await fixture.stripe.invoices.pay(unpaid?.id ?? '');
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'paid' });
  });

  test('is unpaid again where the payment is refunded', async () => {
    const { invoiceId, tenantId, customer, subscription } = await metered();
    await renew(subscription);
    const [invoice] = (await fixture.stripe.invoices.list({ customer })).data;
    const [payment] = (await fixture.stripe.invoicePayments.list({ invoice: invoice?.id ?? '' })).data;
    await fixture.stripe.refunds.create({ payment_intent: String(payment?.payment.payment_intent) });
    await applyEvents();
    expect(await fixture.invoice(invoiceId)).toMatchObject({ state: 'disputed' });
    expect(await entriesOf(tenantId)).toEqual([
      ['invoice_payment', 30_000_000n],
      ['purchase_refund', -30_000_000n],
    ]);
  });
});

describe('usage that Stripe took and does not count', () => {
  const alertsOf = async (subject: string) =>
    (await fixture.alerts()).filter(
      (alert) => alert.kind === 'stripe_meter_errors' && alert.subject === subject,
    );

  test('is told to operators with how much and why, read again from the thin event', async () => {
    const event = fixture.simulator.reportMeterErrors({ meter: meterId, count: 3 });
    const thin = notificationOf(event);
    expect(thin).not.toHaveProperty('data');
    for (const _ of [1, 2]) await fixture.applyEvent(thin);
    expect(await alertsOf(meterId)).toMatchObject([{ detail: expect.stringContaining('3 events told to') }]);
    expect((await alertsOf(meterId))[0]?.detail).toContain('3 meter_event_customer_not_found');
  });

  test('is told where it names no meter, and where Stripe does not show the event', async () => {
    const event = fixture.simulator.reportMeterErrors({ code: 'no_meter', count: 2 });
    await fixture.applyEvent(notificationOf(event));
    expect(await alertsOf('no meter')).toMatchObject([{ detail: expect.stringContaining('2 no_meter') }]);
    await fixture.applyEvent({ ...notificationOf(event), id: 'evt_gone' });
    expect(await alertsOf('no meter')).toMatchObject([{ detail: expect.stringContaining('see evt_gone') }]);
  });

  test('is not believed where the event is of live mode and our key is not', async () => {
    const event = fixture.simulator.reportMeterErrors({ meter: meterId, count: 77 });
    const foreign = { ...notificationOf(event), livemode: true };
    expect(await fixture.applyEvent(foreign, { livemode: false })).toMatch(/not applied/);
    expect((await alertsOf(meterId))[0]?.detail).not.toContain('77');
  });
});

describe('a meter is billed one way only', () => {
  test('so what the prices of a subscription bill is noted when it is read', async () => {
    const { subscription } = await metered(1);
    await applyEvents();
    expect(
      await fixture.prisma.stripeSubscription.findUniqueOrThrow({ where: { id: subscription } }),
    ).toMatchObject({ meters: ['sms_sent'] });
  });

  test('so SMS that were paid in advance are not told where a price would bill them', async () => {
    const { customer, tenantId } = await metered(7, 'prepaid');
    expect(await toldTo(customer)).toBe(0);
    expect(await fixture.alerts()).toContainEqual(
      expect.objectContaining({ kind: 'meter_billed_twice', tenantId }),
    );
  });

  test.each([
    [
      { isBilledByUs: true, isBilledByStripe: true, isMeantToBill: false },
      { tell: false, alert: 'meter_billed_twice' },
    ],
    [
      { isBilledByUs: true, isBilledByStripe: false, isMeantToBill: false },
      { tell: true, alert: null },
    ],
    [
      { isBilledByUs: false, isBilledByStripe: true, isMeantToBill: true },
      { tell: true, alert: null },
    ],
    [
      { isBilledByUs: false, isBilledByStripe: false, isMeantToBill: true },
      { tell: true, alert: 'meter_billed_nowhere' },
    ],
  ])('%o', (facts, decision) => {
    expect(decideMeter(facts)).toEqual(decision);
  });
});
