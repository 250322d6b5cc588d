import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type RunningStripe, runStripe, type Shop } from '../../testing/run-stripe.ts';

let running: RunningStripe;
let shop: Shop;
beforeEach(async () => {
  running = await runStripe();
  shop = await openShop(running.stripe);
});
afterEach(() => running.simulator.close());

const control = (method: string, path: string, body?: object) =>
  running.raw(`/simulator/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });

describe('the control API', () => {
  it('replaces all faults at once, and refuses unknown ones', async () => {
    const put = await control('PUT', 'faults', { declinePayments: true });
    expect(put).toMatchObject({ status: 200, body: { declinePayments: true, nextWrites: [] } });
    expect((await control('PUT', 'faults', { decline: true })).status).toBe(400);
    expect((await control('GET', 'faults')).body).toEqual(put.body);
  });

  it('renews a subscription and pays an invoice', async () => {
    const { id } = await running.stripe.subscriptions.create({
      customer: shop.customer.id,
      items: [{ price: shop.planPrice.id }],
    });
    running.simulator.faults.set({ declinePayments: true });
    const renewed = await control('POST', `subscriptions/${id}/renew`);
    expect(renewed).toMatchObject({
      status: 200,
      body: { status: 'open', billing_reason: 'subscription_cycle' },
    });
    running.simulator.faults.clear();
    const paid = await control('POST', `invoices/${renewed.body.id}/pay`);
    expect(paid).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect((await control('POST', `invoices/${renewed.body.id}/pay`)).status).toBe(400);
    expect((await control('POST', 'subscriptions/sub_1/renew')).status).toBe(404);
  });

  it('does what is due, flushes, counts and resets', async () => {
    expect((await control('POST', 'advance')).status).toBe(200);
    expect((await control('POST', 'flush')).status).toBe(204);
    expect((await control('GET', 'requests')).body).toMatchObject({ 'POST /v1/customers': { 200: 1 } });
    expect((await control('POST', 'reset')).status).toBe(204);
    expect(running.simulator.objects.customers()).toEqual([]);
    expect(running.simulator.objects.events()).toEqual([]);
    expect(running.simulator.requests()).toEqual({});
  });
});

describe('the pages', () => {
  it('show what the account holds, escaped', async () => {
    await running.stripe.customers.update(shop.customer.id, { name: '<script>alert(1)</script>' });
    const { id } = await running.stripe.invoices.create({ customer: shop.customer.id, currency: 'czk' });
    const item = { customer: shop.customer.id, invoice: id, amount: 105_088, currency: 'czk' };
    await running.stripe.invoiceItems.create({ ...item, description: 'SMS <b>segments</b>' });
    const open = await running.stripe.invoices.finalizeInvoice(id);
    const page = await (await fetch(running.simulator.pageUrl)).text();
    expect(page).not.toMatch(/<script>|<b>/);
    for (const text of ['1,050.88 CZK', open.number, 'invoice.finalized', 'SMS &lt;b&gt;']) {
      expect(page).toContain(text);
    }
    const hosted = await fetch(open.hosted_invoice_url ?? '');
    expect(hosted.status).toBe(200);
    expect(await hosted.text()).toContain('SMS &lt;b&gt;segments&lt;/b&gt;');
    expect((await fetch(`${running.simulator.pageUrl}invoices/in_1`)).status).toBe(404);
  });
});
