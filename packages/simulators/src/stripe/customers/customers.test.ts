import type Stripe from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type RunningStripe, runStripe } from '../../testing/run-stripe.ts';

let running: RunningStripe;
let stripe: Stripe;
beforeEach(async () => {
  running = await runStripe();
  stripe = running.stripe;
});
afterEach(() => running.simulator.close());

describe('a customer', () => {
  it('is kept as given, with its tax ids', async () => {
    const { id } = await stripe.customers.create({
      email: 'ada@example.com',
      address: { country: 'CZ', city: 'Praha' },
      preferred_locales: ['cs'],
      tax: { validate_location: 'immediately' },
      tax_id_data: [{ type: 'eu_vat', value: 'CZ12345678' }],
    });
    const customer = await stripe.customers.retrieve(id, { expand: ['tax_ids'] });
    expect(customer).toMatchObject({
      email: 'ada@example.com',
      address: { country: 'CZ', city: 'Praha', line1: null },
      balance: 0,
      currency: null,
      tax_ids: { data: [{ type: 'eu_vat', value: 'CZ12345678', country: 'CZ' }] },
    });
    expect((await stripe.customers.listTaxIds(id)).data).toHaveLength(1);
    expect((await stripe.customers.list({ email: 'ada@example.com' })).data).toHaveLength(1);
  });

  it('gets its currency with its first item', async () => {
    const { id } = await stripe.customers.create();
    await stripe.invoiceItems.create({ customer: id, amount: 1, currency: 'eur' });
    await stripe.invoiceItems.create({ customer: id, amount: 1, currency: 'czk' });
    expect(await stripe.customers.retrieve(id)).toMatchObject({ currency: 'eur' });
    expect((await stripe.invoices.create({ customer: id })).currency).toBe('eur');
  });

  it('has balances by currency, and every change of them on record', async () => {
    const { id } = await stripe.customers.create();
    await stripe.customers.createBalanceTransaction(id, {
      amount: -500,
      currency: 'czk',
      description: 'Gift',
    });
    await stripe.customers.createBalanceTransaction(id, { amount: -7, currency: 'eur' });
    await stripe.customers.update(id, { balance: -200 });
    const customer = await stripe.customers.retrieve(id, { expand: ['invoice_credit_balance'] });
    expect(customer).toMatchObject({ balance: -200, invoice_credit_balance: { czk: -200, eur: -7 } });
    const { data } = await stripe.customers.listBalanceTransactions(id);
    expect(data).toMatchObject([
      { amount: 300, ending_balance: -200, type: 'adjustment' },
      { amount: -7, ending_balance: -7, currency: 'eur' },
      { amount: -500, ending_balance: -500, description: 'Gift' },
    ]);
  });

  it('numbers its invoices with its own prefix, which nobody else has', async () => {
    const { id } = await stripe.customers.create({ invoice_prefix: 'ACME', next_invoice_sequence: 7 });
    await expect(stripe.customers.create({ invoice_prefix: 'ACME' })).rejects.toMatchObject({
      param: 'invoice_prefix',
    });
    for (const number of ['ACME-0007', 'ACME-0008']) {
      const draft = await stripe.invoices.create({ customer: id, currency: 'czk' });
      await stripe.invoiceItems.create({ customer: id, invoice: draft.id, amount: 5_000, currency: 'czk' });
      expect((await stripe.invoices.finalizeInvoice(draft.id)).number).toBe(number);
    }
  });

  it('that is deleted is still known as such, without subscriptions and pending items', async () => {
    const { customer, planPrice } = await openShop(stripe);
    const { id } = await stripe.subscriptions.create({
      customer: customer.id,
      items: [{ price: planPrice.id }],
    });
    await stripe.invoiceItems.create({ customer: customer.id, amount: 1, currency: 'czk' });
    expect(await stripe.customers.del(customer.id)).toEqual({
      id: customer.id,
      object: 'customer',
      deleted: true,
    });
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
    expect((await stripe.subscriptions.retrieve(id)).status).toBe('canceled');
    expect(running.simulator.objects.invoiceItems()).toEqual([]);
    await expect(stripe.customers.update(customer.id, {})).rejects.toMatchObject({ statusCode: 404 });
    const item = { customer: customer.id, amount: 1, currency: 'czk' };
    await expect(stripe.invoiceItems.create(item)).rejects.toMatchObject({ code: 'resource_missing' });
  });
});
