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
const balance = async () => (await stripe.customers.retrieve(shop.customer.id)) as Stripe.Customer;

describe('a payment', () => {
  it('that is declined leaves the invoice open, with an error for the caller', async () => {
    running.simulator.faults.set({ declinePayments: 'insufficient_funds' });
    const id = await draftOver(20_000);
    await stripe.invoices.finalizeInvoice(id);
    const refused = { type: 'StripeCardError', code: 'card_declined', decline_code: 'insufficient_funds' };
    await expect(stripe.invoices.pay(id, {}, { idempotencyKey: 'pay' })).rejects.toMatchObject(refused);
    expect(await stripe.invoices.retrieve(id)).toMatchObject({
      status: 'open',
      attempted: true,
      attempt_count: 0,
      amount_remaining: 20_000,
    });
    expect(types().slice(-2)).toEqual(['payment_intent.payment_failed', 'invoice.payment_failed']);
    running.simulator.faults.clear();
    await expect(stripe.invoices.pay(id, {}, { idempotencyKey: 'pay' })).rejects.toMatchObject(refused);
    expect((await stripe.invoices.pay(id)).status).toBe('paid');
  });

  it('of less than the minimum is not collected but put on the balance', async () => {
    const small = await draftOver(1_499);
    const paid = await stripe.invoices.pay(small);
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 0, amount_due: 0, total: 1_499 });
    expect(await balance()).toMatchObject({ balance: 1_499, currency: 'czk' });
    const { data } = await stripe.customers.listBalanceTransactions(shop.customer.id);
    expect(data).toMatchObject([{ type: 'invoice_too_small', amount: 1_499, invoice: small }]);
    const next = await stripe.invoices.finalizeInvoice(await draftOver(1));
    expect(next).toMatchObject({ starting_balance: 1_499, amount_due: 1_500, ending_balance: 0 });
    expect((await stripe.invoices.pay(next.id)).amount_paid).toBe(1_500);
    expect((await balance()).balance).toBe(0);
  });

  it('uses up credit first; what the credit covers is paid at once', async () => {
    await stripe.customers.createBalanceTransaction(shop.customer.id, { amount: -3_000, currency: 'czk' });
    const covered = await stripe.invoices.finalizeInvoice(await draftOver(2_000));
    expect(covered).toMatchObject({ status: 'paid', amount_due: 0, amount_paid: 0, ending_balance: -1_000 });
    const partly = await stripe.invoices.finalizeInvoice(await draftOver(4_000));
    expect(partly).toMatchObject({ status: 'open', amount_due: 3_000, ending_balance: 0 });
    await stripe.invoices.voidInvoice(partly.id);
    expect((await balance()).balance).toBe(-1_000);
  });

  it('by itself is counted and tried again later', async () => {
    running.simulator.faults.set({ declinePayments: true });
    const id = await draftOver(20_000);
    await stripe.invoices.finalizeInvoice(id, { auto_advance: true });
    running.simulator.advanceDue();
    const failed = await stripe.invoices.retrieve(id);
    expect(failed.attempt_count).toBe(1);
    expect(failed.next_payment_attempt).toBe(Date.parse('2026-09-04T10:00:00Z') / 1000);
    running.simulator.faults.clear();
    running.simulator.advanceDue();
    expect((await stripe.invoices.retrieve(id)).status).toBe('open');
    running.setTime('2026-09-04T10:00:00Z');
    running.simulator.advanceDue();
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid', attempt_count: 2 });
  });

  it('of a draft that advances by itself comes an hour after it was made', async () => {
    const id = await draftOver(20_000, { auto_advance: true });
    running.setTime('2026-09-01T10:59:59Z');
    running.simulator.advanceDue();
    expect((await stripe.invoices.retrieve(id)).status).toBe('draft');
    running.setTime('2026-09-01T11:00:00Z');
    running.simulator.advanceDue();
    expect((await stripe.invoices.retrieve(id)).status).toBe('paid');
  });
});
