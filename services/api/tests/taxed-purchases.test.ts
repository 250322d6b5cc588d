import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let cookie: string;
let id: string;

beforeAll(async () => {
  api = await startApiFixture();
  cookie = await api.operatorCookie('operator');
});
beforeEach(async () => {
  await taxAt('at_top_up');
  ({
    body: { id },
  } = await ask('/tenants', {
    name: 'Bookshop',
    plan: 'pro',
    currency: 'CZK',
    defaultCountry: 'CZ',
    timeZone: 'Europe/Prague',
  }));
});
afterAll(() => api.close());

const ask = (path: string, json: unknown) =>
  api.call('POST', `/v1/admin${path}`, { headers: { cookie }, json });
const get = (path: string) => api.call('GET', `/v1/admin${path}`, { headers: { cookie } });

async function taxAt(prepaidTax: 'at_top_up' | 'at_use'): Promise<void> {
  const by = { changedAt: new Date(0), changedBy: 'test' };
  await api.prisma.billingDefaults.upsert({
    where: { id: 1 },
    create: { prepaidTax, ...by },
    update: { prepaidTax },
  });
}

const purchase = {
  kind: 'purchase',
  amount: '500.00',
  method: 'bank_transfer',
  reference: 'VS 2026001',
  reason: 'bank statement 12',
};

test('a purchase is answered with its tax document, and again with the same one', async () => {
  const booked = await ask(`/tenants/${id}/credit`, purchase);
  expect(booked).toMatchObject({
    status: 201,
    body: {
      amount: '500.00',
      taxDocument: { number: 'TD2026000001', vat: '105.00', gross: '605.00' },
    },
  });
  const again = await ask(`/tenants/${id}/credit`, purchase);
  expect([again.status, again.body]).toEqual([200, booked.body]);
  const { body: record } = await get(`/invoices/${booked.body.taxDocument.id}`);
  expect(record).toMatchObject({
    kind: 'top_up',
    state: 'paid',
    total: '500.00',
    charges: '0.00',
    due: '0.00',
  });
  expect((await get(`/invoices/${booked.body.taxDocument.id}/payments`)).body.payments).toMatchObject([
    { amount: '605.00', method: 'bank_transfer', reference: 'VS 2026001' },
  ]);
});

test('what cannot be on a tax document is refused, and nothing is booked', async () => {
  const odd = await ask(`/tenants/${id}/credit`, { ...purchase, amount: '1.005' });
  expect(odd).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/amount' }] } });
  expect((await get(`/tenants/${id}`)).body).toMatchObject({ balance: '0.00' });
});

test('a bonus has no tax document, and with VAT at use a purchase has none either', async () => {
  const bonus = await ask(`/tenants/${id}/credit`, { kind: 'bonus', amount: '10.00', reason: 'welcome' });
  expect(bonus).toMatchObject({ status: 201, body: { taxDocument: null } });
  await taxAt('at_use');
  const plain = await ask(`/tenants/${id}/credit`, { ...purchase, amount: '1.005' });
  expect(plain).toMatchObject({ status: 201, body: { amount: '1.005', taxDocument: null } });
});
