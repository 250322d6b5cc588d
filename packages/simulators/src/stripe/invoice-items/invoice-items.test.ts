import Stripe from 'stripe';
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

type NewItem = Partial<Stripe.InvoiceItemCreateParams>;
const create = (item: NewItem) => stripe.invoiceItems.create({ customer: shop.customer.id, ...item });
const decimal = (text: string) => Stripe.Decimal.from(text);

describe('an invoice item', () => {
  it('is priced by a price, rounded once after multiplying', async () => {
    const period = { start: 1_788_213_600, end: 1_790_805_599 };
    const item = await create({ pricing: { price: shop.segmentPrice.id }, quantity: 1201, period });
    expect(item).toMatchObject({ amount: 105_088, currency: 'czk', quantity: 1201, invoice: null, period });
    expect(item.pricing).toMatchObject({
      type: 'price_details',
      price_details: { price: shop.segmentPrice.id, product: shop.product.id },
    });
    expect(item.pricing?.unit_amount_decimal?.toString()).toBe('87.5');
  });

  it('is priced by price data, with a fraction of a quantity', async () => {
    const data = { currency: 'czk', product: shop.product.id, unit_amount_decimal: decimal('87.5') };
    const item = await create({ price_data: data, quantity_decimal: decimal('10.5') });
    expect(item).toMatchObject({ amount: 919, quantity: 10 });
    expect(item.quantity_decimal.toString()).toBe('10.5');
  });

  it('is priced by a unit amount', async () => {
    const item = await create({ unit_amount_decimal: decimal('0.05'), currency: 'czk', quantity: 30 });
    expect(item.amount).toBe(2);
  });

  it('is priced by an amount alone', async () => {
    expect(await create({ amount: 105_088, currency: 'czk' })).toMatchObject({
      amount: 105_088,
      quantity: 1,
    });
    expect(await create({ amount: -500, currency: 'czk' })).toMatchObject({ amount: -500 });
  });

  it('takes the amount a price has in the currency asked for', async () => {
    const price = await stripe.prices.create({
      product: shop.product.id,
      currency: 'czk',
      unit_amount: 150,
      currency_options: { eur: { unit_amount: 6 } },
    });
    const item = await create({ pricing: { price: price.id }, currency: 'eur', quantity: 3 });
    expect(item).toMatchObject({ currency: 'eur', amount: 18 });
    const refused = create({ pricing: { price: price.id }, currency: 'usd' });
    await expect(refused).rejects.toMatchObject({ param: 'currency' });
  });

  it.each([
    [{}, 'parameter_missing', 'pricing'],
    [{ amount: 1 }, 'parameter_missing', 'currency'],
    [{ amount: 1, currency: 'czk', quantity: 2 }, 'parameters_exclusive', 'amount'],
    [{ amount: 1, currency: 'czk', pricing: { price: 'price_1' } }, 'parameters_exclusive', 'amount'],
    [{ amount: 1.5, currency: 'czk' }, 'parameter_invalid_integer', 'amount'],
    [{ pricing: { price: 'price_1' } }, 'resource_missing', 'pricing[price]'],
    [{ price: 'price_1' }, 'parameter_unknown', 'price'],
    [{ unit_amount: 150, currency: 'czk' }, 'parameter_unknown', 'unit_amount'],
    [{ amount: 1, currency: 'czk', subscription: 'sub_1' }, 'resource_missing', 'subscription'],
    [{ amount: 1, currency: 'czk', period: { start: 2, end: 1 } }, undefined, 'period[end]'],
    [{ amount: 1, currency: 'czk', tax_rates: ['txr_1'] }, 'resource_missing', 'tax_rates'],
  ])('with %j is refused', async (item, code, param) => {
    const refused = create(item as NewItem);
    await expect(refused).rejects.toMatchObject({ type: 'StripeInvalidRequestError', code, param });
    expect(running.simulator.objects.invoiceItems()).toEqual([]);
  });

  it('carries tax rates, which its line adds on top, rounded by the line', async () => {
    const rate = await stripe.taxRates.create({ display_name: 'DPH', percentage: 21, inclusive: false });
    const draft = await stripe.invoices.create({ customer: shop.customer.id, currency: 'czk' });
    const item = { invoice: draft.id, currency: 'czk', tax_rates: [rate.id] };
    expect((await create({ ...item, amount: 150 })).tax_rates).toMatchObject([{ id: rate.id }]);
    await create({ ...item, amount: 150 });
    await create({ invoice: draft.id, currency: 'czk', amount: 1_000 });
    const open = await stripe.invoices.finalizeInvoice(draft.id);
    // 31.5 of each of the two lines.
    expect(open).toMatchObject({ total_excluding_tax: 1_300, total: 1_364, amount_due: 1_364 });
    expect(open.total_taxes).toMatchObject([
      { amount: 64, taxable_amount: 300, tax_rate_details: { tax_rate: rate.id }, tax_behavior: 'exclusive' },
    ]);
    expect(open.lines.data.map(({ taxes }) => taxes?.map(({ amount }) => amount))).toEqual([[32], [32], []]);
  });

  it('refuses recurring and inactive prices', async () => {
    await expect(create({ pricing: { price: shop.planPrice.id } })).rejects.toMatchObject({
      statusCode: 400,
    });
    await stripe.prices.update(shop.segmentPrice.id, { active: false });
    await expect(create({ pricing: { price: shop.segmentPrice.id } })).rejects.toMatchObject({
      statusCode: 400,
    });
  });

  it('can be changed in words and deleted while it is pending', async () => {
    const { id } = await create({ amount: 100, currency: 'czk', metadata: { a: '1' } });
    const changed = await stripe.invoiceItems.update(id, { description: 'New words', metadata: { b: '2' } });
    expect(changed).toMatchObject({ description: 'New words', metadata: { a: '1', b: '2' }, amount: 100 });
    expect(await stripe.invoiceItems.del(id)).toMatchObject({ id, deleted: true });
    await expect(stripe.invoiceItems.retrieve(id)).rejects.toMatchObject({ code: 'resource_missing' });
  });

  it('on a draft moves its totals, and is frozen with it', async () => {
    const draft = await stripe.invoices.create({ customer: shop.customer.id, currency: 'czk' });
    const first = await create({ invoice: draft.id, amount: 3_000, currency: 'czk' });
    const second = await create({ invoice: draft.id, amount: 500, currency: 'czk' });
    expect((await stripe.invoices.retrieve(draft.id)).total).toBe(3_500);
    await stripe.invoiceItems.del(second.id);
    await stripe.invoiceItems.update(first.id, { description: 'Words' });
    const { total, lines } = await stripe.invoices.finalizeInvoice(draft.id);
    expect(total).toBe(3_000);
    expect(lines.data.map(({ description }) => description)).toEqual(['Words']);
    const frozen = { code: 'invoice_not_editable' };
    await expect(stripe.invoiceItems.del(first.id)).rejects.toMatchObject(frozen);
    await expect(stripe.invoiceItems.update(first.id, { metadata: {} })).rejects.toMatchObject(frozen);
    await expect(create({ invoice: draft.id, amount: 1, currency: 'czk' })).rejects.toMatchObject(frozen);
  });

  it('of another customer or currency does not fit on a draft', async () => {
    const other = await stripe.customers.create();
    const draft = await stripe.invoices.create({ customer: other.id, currency: 'czk' });
    const foreign = create({ invoice: draft.id, amount: 1, currency: 'czk' });
    await expect(foreign).rejects.toMatchObject({ code: 'resource_missing', param: 'invoice' });
    const inEuros = create({ customer: other.id, invoice: draft.id, amount: 1, currency: 'eur' });
    await expect(inEuros).rejects.toMatchObject({ param: 'currency' });
  });

  it('is found among the pending or those of an invoice', async () => {
    const { id: customer } = shop.customer;
    const draft = await stripe.invoices.create({ customer, currency: 'czk' });
    const waiting = await create({ amount: 1, currency: 'czk' });
    const attached = await create({ amount: 2, currency: 'czk', invoice: draft.id });
    const ids = async (filter: Stripe.InvoiceItemListParams) =>
      (await stripe.invoiceItems.list(filter)).data.map(({ id }) => id);
    expect(await ids({ customer, pending: true })).toEqual([waiting.id]);
    expect(await ids({ customer, pending: false })).toEqual([attached.id]);
    expect(await ids({ invoice: draft.id })).toEqual([attached.id]);
    expect(await ids({ customer })).toEqual([attached.id, waiting.id]);
    expect(await ids({ customer: 'cus_1' })).toEqual([]);
  });
});
