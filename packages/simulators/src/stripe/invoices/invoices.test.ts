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

async function draftOver(amount: number, params: Partial<Stripe.InvoiceCreateParams> = {}): Promise<string> {
  const customer = shop.customer.id;
  const { id } = await stripe.invoices.create({ customer, currency: 'czk', ...params });
  await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: 'czk' });
  return id;
}
const types = () => running.simulator.objects.events().map(({ type }) => type);

describe('an invoice', () => {
  it('goes from draft to open to paid, with a number and its instants', async () => {
    const id = await draftOver(105_088, { metadata: { period: '2026-09' }, description: 'SMS' });
    const draft = await stripe.invoices.retrieve(id);
    expect(draft).toMatchObject({ status: 'draft', number: null, total: 105_088, billing_reason: 'manual' });
    running.setTime('2026-09-01T11:00:00Z');
    const open = await stripe.invoices.finalizeInvoice(id, { auto_advance: true });
    const now = Date.parse('2026-09-01T11:00:00Z') / 1000;
    expect(open).toMatchObject({ status: 'open', amount_due: 105_088, amount_remaining: 105_088 });
    expect(open.number).toMatch(/^[A-Z0-9]+-0001$/);
    expect(open.status_transitions.finalized_at).toBe(now);
    const paid = await stripe.invoices.pay(id, {}, { idempotencyKey: 'pay' });
    expect(paid).toMatchObject({
      status: 'paid',
      amount_paid: 105_088,
      amount_remaining: 0,
      attempt_count: 0,
    });
    expect(paid.status_transitions).toMatchObject({ finalized_at: now, paid_at: now });
    expect(types().slice(-8)).toEqual([
      'invoice.finalized',
      'payment_intent.created',
      'invoice.updated',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
    ]);
    await expect(stripe.invoices.pay(id)).rejects.toMatchObject({ statusCode: 400 });
  });

  it('names its payment and the payment intent behind it', async () => {
    const id = await draftOver(20_000);
    await stripe.invoices.finalizeInvoice(id);
    const open = await stripe.invoices.retrieve(id, { expand: ['confirmation_secret', 'payments'] });
    expect(open.payments?.data).toMatchObject([
      { status: 'open', amount_requested: 20_000, amount_paid: null },
    ]);
    expect(open.confirmation_secret?.client_secret).toMatch(/_secret_/);
    await stripe.invoices.pay(id);
    const { data } = await stripe.invoicePayments.list({ invoice: id, status: 'paid' });
    expect(data).toMatchObject([{ amount_paid: 20_000, payment: { type: 'payment_intent' } }]);
    const paid = await stripe.invoices.retrieve(id, { expand: ['payments.data.payment.payment_intent'] });
    expect(paid.payments?.data[0]?.payment.payment_intent).toMatchObject({
      status: 'succeeded',
      amount_received: 20_000,
      payment_method: 'pm_card_visa',
    });
  });

  it('takes in pending items only when asked to, in its own currency', async () => {
    const customer = shop.customer.id;
    for (const currency of ['czk', 'eur', 'czk']) {
      await stripe.invoiceItems.create({ customer, amount: 1_000, currency });
    }
    const without = await stripe.invoices.create({ customer, currency: 'czk' });
    expect(without.lines.data).toEqual([]);
    const pending_invoice_items_behavior = 'include';
    const draft = await stripe.invoices.create({ customer, currency: 'czk', pending_invoice_items_behavior });
    expect(draft).toMatchObject({ total: 2_000, lines: { data: [{}, {}] } });
    const { data } = await stripe.invoiceItems.list({ customer, pending: true });
    expect(data.map(({ currency }) => currency)).toEqual(['eur']);
  });

  it('of a subscription takes in what is reserved for it and nothing else', async () => {
    const customer = shop.customer.id;
    const items = [{ price: shop.planPrice.id }];
    const { id: subscription } = await stripe.subscriptions.create({ customer, items });
    await stripe.invoiceItems.create({ customer, amount: 1_000, currency: 'czk' });
    await stripe.invoiceItems.create({ customer, amount: 2_000, currency: 'czk', subscription });
    const draft = await stripe.invoices.create({ customer, subscription });
    expect(draft).toMatchObject({ total: 2_000, parent: { subscription_details: { subscription } } });
  });

  it('shows ten lines and lists all of them', async () => {
    const customer = shop.customer.id;
    const { id } = await stripe.invoices.create({ customer, currency: 'czk' });
    for (let amount = 1; amount <= 12; amount += 1) {
      await stripe.invoiceItems.create({ customer, invoice: id, amount, currency: 'czk' });
    }
    const { lines, total } = await stripe.invoices.retrieve(id);
    expect(lines).toMatchObject({ has_more: true, url: `/v1/invoices/${id}/lines` });
    expect(lines.data).toHaveLength(10);
    expect(total).toBe(78);
    const all = await stripe.invoices.listLineItems(id, { limit: 5 }).autoPagingToArray({ limit: 100 });
    expect(all.map(({ amount }) => amount)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(all[0]?.parent?.invoice_item_details?.invoice_item).toMatch(/^ii_/);
  });

  it('takes at most 250 items', async () => {
    const customer = shop.customer.id;
    const { id } = await stripe.invoices.create({ customer, currency: 'czk' });
    const add = () => stripe.invoiceItems.create({ customer, invoice: id, amount: 10, currency: 'czk' });
    for (let count = 0; count < 250; count += 1) await add();
    await expect(add()).rejects.toMatchObject({ statusCode: 400, param: 'invoice' });
    expect((await stripe.invoices.finalizeInvoice(id)).total).toBe(2_500);
  });

  it('without lines cannot be finalized', async () => {
    const { id } = await stripe.invoices.create({ customer: shop.customer.id, currency: 'czk' });
    await expect(stripe.invoices.finalizeInvoice(id)).rejects.toMatchObject({
      code: 'invoice_no_customer_line_items',
    });
  });

  it.each([
    ['CZ', 'none', 4_200, 'standard_rated'],
    ['US', 'none', 0, 'not_collecting'],
    ['SK', 'reverse', 0, 'reverse_charge'],
  ] as const)(
    'with automatic tax adds that of %s for a customer exempt: %s',
    async (country, exempt, tax, reason) => {
      await stripe.customers.update(shop.customer.id, { address: { country }, tax_exempt: exempt });
      const id = await draftOver(20_000, { automatic_tax: { enabled: true } });
      const open = await stripe.invoices.finalizeInvoice(id);
      expect(open).toMatchObject({ total_excluding_tax: 20_000, total: 20_000 + tax });
      expect(open.total_taxes).toMatchObject([{ amount: tax, taxability_reason: reason }]);
    },
  );

  it('whose customer has no country cannot be finalized with automatic tax', async () => {
    await stripe.customers.update(shop.customer.id, { address: '' });
    const id = await draftOver(20_000, { automatic_tax: { enabled: true } });
    await expect(stripe.invoices.finalizeInvoice(id)).rejects.toMatchObject({
      code: 'customer_tax_location_invalid',
    });
    const draft = await stripe.invoices.retrieve(id);
    expect(draft.status).toBe('draft');
    expect(draft.last_finalization_error?.code).toBe('customer_tax_location_invalid');
    expect(types().at(-1)).toBe('invoice.finalization_failed');
  });

  it('can be changed as long as it is a draft; metadata always', async () => {
    const id = await draftOver(20_000);
    await stripe.invoices.update(id, {
      description: 'Words',
      custom_fields: [{ name: 'Period', value: '9' }],
    });
    await stripe.invoices.finalizeInvoice(id);
    const refused = stripe.invoices.update(id, { description: 'Other words' });
    await expect(refused).rejects.toMatchObject({ code: 'invoice_not_editable' });
    const changed = await stripe.invoices.update(id, { metadata: { a: '1' } });
    expect(changed).toMatchObject({ description: 'Words', metadata: { a: '1' } });
  });

  it('can be deleted as a draft only, with its items', async () => {
    const id = await draftOver(20_000);
    expect(await stripe.invoices.del(id)).toEqual({ id, object: 'invoice', deleted: true });
    expect(running.simulator.objects.invoiceItems()).toEqual([]);
    const open = await draftOver(20_000);
    await stripe.invoices.finalizeInvoice(open);
    await expect(stripe.invoices.del(open)).rejects.toMatchObject({ code: 'invoice_not_editable' });
  });

  it('is sent, then paid outside of Stripe', async () => {
    const id = await draftOver(20_000, { collection_method: 'send_invoice', days_until_due: 14 });
    const sent = await stripe.invoices.sendInvoice(id);
    expect(sent).toMatchObject({ status: 'open', due_date: sent.created + 14 * 86_400 });
    expect(types().at(-1)).toBe('invoice.sent');
    await stripe.invoices.pay(id, { paid_out_of_band: true });
    const paid = await stripe.invoices.retrieve(id, { expand: ['amount_paid_off_stripe', 'payments'] });
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 20_000, amount_paid_off_stripe: 20_000 });
    expect(paid.payments?.data).toMatchObject([{ status: 'canceled' }]);
  });

  it('that is collected automatically cannot be sent; one that is sent needs a day it is due', async () => {
    await expect(stripe.invoices.sendInvoice(await draftOver(1))).rejects.toMatchObject({ statusCode: 400 });
    const undated = draftOver(1, { collection_method: 'send_invoice' });
    await expect(undated).rejects.toMatchObject({ param: 'days_until_due' });
  });

  it('can be given up and still be voided, but a paid one cannot', async () => {
    const id = await draftOver(20_000);
    await stripe.invoices.finalizeInvoice(id);
    expect((await stripe.invoices.markUncollectible(id)).status).toBe('uncollectible');
    expect((await stripe.invoices.voidInvoice(id)).status).toBe('void');
    expect(types().at(-1)).toBe('invoice.voided');
    const paid = await draftOver(20_000);
    await stripe.invoices.pay(paid);
    await expect(stripe.invoices.voidInvoice(paid)).rejects.toMatchObject({
      code: 'status_transition_invalid',
    });
  });

  it('is listed by customer, status and instant', async () => {
    const customer = shop.customer.id;
    const open = await draftOver(20_000);
    await stripe.invoices.finalizeInvoice(open);
    const draft = await draftOver(1);
    const ids = async (filter: Stripe.InvoiceListParams) =>
      (await stripe.invoices.list(filter)).data.map(({ id }) => id);
    expect(await ids({ customer, status: 'open' })).toEqual([open]);
    expect(await ids({ customer, created: { gte: 1 } })).toEqual([draft, open]);
    expect(await ids({ customer: 'cus_1' })).toEqual([]);
  });
});
