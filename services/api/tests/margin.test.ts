import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { buildUnpaidInvoice } from '@tollgate/shared/testing/build-unpaid-invoice.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { chargeMessages, refundMessage } from './charge-messages.ts';

let api: ApiFixture;
let cookie: string;

beforeAll(async () => {
  api = await startApiFixture();
  cookie = await api.operatorCookie('operator');
});
afterAll(() => api.close());

const ask = (method: string, path: string, json?: unknown) =>
  api.call(method, `/v1/admin${path}`, { headers: { cookie }, ...(json !== undefined && { json }) });
const at = testNow.toISOString();

test('margin is what messages brought less what they cost, by tenant, country and month, per currency', async () => {
  const { tenant } = await api.tenantWithKey();
  const before = new Date(testNow.getTime() - 31 * DAY_MS);
  const messages = await chargeMessages(api.prisma, tenant, [
    { at },
    { at, country: 'SK' },
    { at, country: 'SK' },
    { at, country: 'DE' },
    { at, acceptedAt: before },
    { at },
  ]);
  const costs = [
    [600_000n, 'CZK'],
    [2_000_000n, 'CZK'],
    [null, null],
    [40_000n, 'EUR'],
    [700_000n, 'CZK'],
    [600_000n, 'CZK'],
  ] as const;
  for (const [index, [providerCostMicros, providerCostCurrency]] of costs.entries()) {
    const id = messages[index]?.id as string;
    await api.prisma.message.update({
      where: { id },
      data: { submittedAt: testNow, providerCostMicros, providerCostCurrency },
    });
  }
  await refundMessage(api.prisma, messages[5] as (typeof messages)[number], at);
  const margin = async (query: string) => (await ask('GET', `/margin?${query}`)).body.rows;
  expect(await margin('month=2026-03&group=country')).toEqual([
    {
      key: 'CZ',
      currency: 'CZK',
      messages: 2,
      revenue: '1.50',
      margin: '0.30',
      costs: [{ currency: 'CZK', messages: 2, revenue: '1.50', cost: '1.20' }],
      withoutCost: { messages: 0, revenue: '0.00' },
    },
    {
      key: 'DE',
      currency: 'CZK',
      messages: 1,
      revenue: '1.50',
      margin: null,
      costs: [{ currency: 'EUR', messages: 1, revenue: '1.50', cost: '0.04' }],
      withoutCost: { messages: 0, revenue: '0.00' },
    },
    {
      key: 'SK',
      currency: 'CZK',
      messages: 2,
      revenue: '3.00',
      margin: '-0.50',
      costs: [{ currency: 'CZK', messages: 1, revenue: '1.50', cost: '2.00' }],
      withoutCost: { messages: 1, revenue: '1.50' },
    },
  ]);
  const id = toPublicId('tnt', tenant.id);
  expect(await margin('month=2026-03')).toMatchObject([
    { key: id, messages: 5, revenue: '6.00', margin: null },
  ]);
  const months = await margin('group=month');
  expect(months).toMatchObject([
    { key: '2026-02', messages: 1, margin: '0.80' },
    { key: '2026-03', messages: 5 },
  ]);
  const one = await ask('GET', `/messages/${toPublicId('msg', messages[0]?.id as string)}`);
  expect(one.body).toMatchObject({
    tenantId: id,
    price: '1.50',
    charged: '1.50',
    cost: '0.60',
    margin: '0.90',
    recipient: '+420777***456',
  });
  expect(one.text).not.toContain('Your parcel');
});

test('alerts are listed until an operator closes them, and then among the closed ones', async () => {
  await raiseOperatorAlert(api.prisma, { kind: 'test', subject: 'one', detail: 'look here' }, testNow);
  const { body } = await ask('GET', '/alerts?kind=test');
  expect(body.alerts).toMatchObject([{ subject: 'one', detail: 'look here', closedAt: null }]);
  const path = `/alerts/${body.alerts[0].id}/close`;
  expect((await ask('POST', path)).body).toMatchObject({ closedBy: 'operator@example.com' });
  expect((await ask('POST', path)).status).toBe(200);
  expect((await ask('GET', '/alerts?kind=test')).body.alerts).toEqual([]);
  expect((await ask('GET', '/alerts?kind=test&state=closed')).body.alerts).toHaveLength(1);
  expect((await ask('POST', '/alerts/alr_1/close')).status).toBe(404);
});

describe('a tenant', () => {
  const hello = { to: '+420777123456', body: 'Hello' };
  const overdue = { issuedAt: new Date(testNow.getTime() - 31 * DAY_MS) };
  const owing = async (settings: object) => {
    const made = await api.tenantWithKey();
    await api.prisma.billingSettings.update({ where: { tenantId: made.tenant.id }, data: settings });
    await buildUnpaidInvoice(api.prisma, made.tenant, overdue);
    return made.key;
  };

  test('sets its line for a low balance, and takes it away', async () => {
    const { key } = await api.tenantWithKey();
    const change = (json: object) => api.call('POST', '/v1/billing/alerts', { key, json });
    expect((await change({ lowBalance: '100.00' })).body).toEqual({ lowBalance: '100.00', crossed: [] });
    expect((await change({ lowBalance: '-1' })).status).toBe(400);
    expect((await change({ lowBalance: null })).body).toEqual({ lowBalance: null, crossed: [] });
  });

  test('that has not paid is refused with the reason, or only warned, by its policy', async () => {
    const blocked = await owing({ unpaidPolicy: 'block', unpaidAgeDays: 30 });
    const since = overdue.issuedAt.toISOString();
    expect(await api.send(blocked, hello)).toMatchObject({
      status: 402,
      body: { code: 'unpaid_billings', line: 'age', owed: '1000.00', since },
    });
    const batch = { body: 'Hello', recipients: [{ to: hello.to }] };
    const refused = await api.call('POST', '/v1/sms/batch', { key: blocked, json: batch });
    expect(refused).toMatchObject({ status: 402, body: { code: 'unpaid_billings' } });
    const warned = await api.send(await owing({ unpaidPolicy: 'warn', unpaidAgeDays: 30 }), hello);
    expect([warned.status, warned.headers.get('tollgate-warning')]).toEqual([
      202,
      'unpaid_billings; line=age',
    ]);
    const silent = await api.send(await owing({ unpaidAgeDays: 30 }), hello);
    expect([silent.status, silent.headers.get('tollgate-warning')]).toEqual([202, null]);
  });
});
