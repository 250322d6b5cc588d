import { recordUsage } from '@tollgate/shared/usage/record-usage.ts';
import { rollUp } from '@tollgate/shared/usage/roll-up.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { chargeMessages, refundMessage } from './charge-messages.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const get = (key: string, path: string) => api.call('GET', path, { key });

describe('a month of SMS', () => {
  test('counts charges by local day and country, before and after they are rolled up', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await chargeMessages(api.prisma, tenant, [
      { at: '2026-03-02T10:00:00Z', segments: 2, priceMicros: 3_000_000n },
      { at: '2026-03-02T22:59:59.999Z' },
      { at: '2026-03-02T23:00:00Z', country: 'SK', unitPriceMicros: 62_500n, priceMicros: 62_500n },
    ]);
    const before = await get(key, '/v1/sms/usage');
    await rollUp(api.prisma, { tenantId: tenant.id, wait: true });
    const after = await get(key, '/v1/sms/usage?month=2026-03');
    expect(after.body).toEqual(before.body);
    expect(after.body).toEqual({
      month: '2026-03',
      period: {
        firstDay: '2026-03-01',
        lastDay: '2026-03-31',
        startsAt: '2026-02-28T23:00:00.000Z',
        endsAt: '2026-03-31T22:00:00.000Z',
        timeZone: 'Europe/Prague',
      },
      currency: 'CZK',
      messages: 3,
      segments: 4,
      cost: '4.5625',
      days: [
        { day: '2026-03-02', messages: 2, segments: 3, cost: '4.50' },
        { day: '2026-03-03', messages: 1, segments: 1, cost: '0.0625' },
      ],
      countries: [
        { country: 'CZ', messages: 2, segments: 3, cost: '4.50' },
        { country: 'SK', messages: 1, segments: 1, cost: '0.0625' },
      ],
    });
  });

  test.each([
    ['Europe/Prague', '2026-04'],
    ['UTC', '2026-03'],
    ['Pacific/Kiritimati', '2026-04'],
    ['Etc/GMT+12', '2026-03'],
  ])('of a tenant in %s counts 31 March 23:30 UTC in %s only', async (timeZone, month) => {
    const { tenant, key } = await api.tenantWithKey({ timeZone });
    await chargeMessages(api.prisma, tenant, [{ at: '2026-03-31T23:30:00Z' }]);
    for (const asked of ['2026-03', '2026-04']) {
      const { body } = await get(key, `/v1/sms/usage?month=${asked}`);
      expect([asked, body.messages]).toEqual([asked, asked === month ? 1 : 0]);
    }
  });

  test('is net of refunds, which count on their own day', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const [message] = await chargeMessages(api.prisma, tenant, [{ at: '2026-03-31T20:00:00Z' }]);
    if (message) await refundMessage(api.prisma, message, '2026-04-01T08:00:00Z');
    const march = await get(key, '/v1/sms/usage?month=2026-03');
    const april = await get(key, '/v1/sms/usage?month=2026-04');
    expect([march.body.messages, march.body.cost]).toEqual([1, '1.50']);
    expect([april.body.messages, april.body.cost]).toEqual([-1, '-1.50']);
  });

  test('without any is zero, and has no days', async () => {
    const { key } = await api.tenantWithKey();
    const { body } = await get(key, '/v1/sms/usage');
    expect(body).toMatchObject({ messages: 0, segments: 0, cost: '0.00', days: [], countries: [] });
  });
});

describe('usage by group', () => {
  async function tenantWithUsage() {
    const { tenant, key } = await api.tenantWithKey();
    await chargeMessages(api.prisma, tenant, [
      { at: '2026-03-02T10:00:00Z', campaign: 'spring' },
      { at: '2026-03-02T23:30:00Z', segments: 2, priceMicros: 3_000_000n },
    ]);
    const event = {
      tenantId: tenant.id,
      meter: 'api_request',
      sourceId: 'first',
      quantity: 1_000n,
      currency: 'CZK',
      unitPriceMicros: 1n,
      amountMicros: 1_000n,
      country: '',
      campaign: null,
      occurredAt: new Date('2026-03-02T12:00:00Z'),
    };
    await recordUsage(api.prisma, [event], event.occurredAt);
    return { tenant, key };
  }

  const sms = { meter: 'sms_sent', currency: 'CZK' };
  const requests = {
    meter: 'api_request',
    currency: 'CZK',
    quantity: '1000',
    eventCount: 1,
    amount: '0.001',
  };
  const first = { ...sms, quantity: '1', eventCount: 1, amount: '1.50' };
  const second = { ...sms, quantity: '2', eventCount: 1, amount: '3.00' };
  const bothSms = { ...sms, quantity: '3', eventCount: 2, amount: '4.50' };

  test.each([
    [
      'day',
      [
        { key: '2026-03-02', ...requests },
        { key: '2026-03-02', ...first },
        { key: '2026-03-03', ...second },
      ],
    ],
    [
      'meter',
      [
        { key: 'api_request', ...requests },
        { key: 'sms_sent', ...bothSms },
      ],
    ],
    [
      'country',
      [
        { key: null, ...requests },
        { key: 'CZ', ...bothSms },
      ],
    ],
    [
      'campaign',
      [
        { key: null, ...requests },
        { key: null, ...second },
        { key: 'spring', ...first },
      ],
    ],
  ])('%s adds quantity, events and exact amounts, meters apart', async (groupBy, groups) => {
    const { key } = await tenantWithUsage();
    const { status, body } = await get(key, `/v1/billing/usage?groupBy=${groupBy}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      groupBy,
      groups,
      totals: [requests, bothSms],
      hasMore: false,
      nextCursor: null,
    });
  });

  test('takes local days and instants as its span, and one meter', async () => {
    const { key } = await tenantWithUsage();
    const oneDay = await get(key, '/v1/billing/usage?from=2026-03-03&to=2026-03-03');
    expect(oneDay.body).toMatchObject({
      from: '2026-03-02T23:00:00.000Z',
      to: '2026-03-03T23:00:00.000Z',
      totals: [second],
    });
    const hours = await get(
      key,
      '/v1/billing/usage?from=2026-03-02T10:00:00Z&to=2026-03-02T23:30:00Z&meter=sms_sent',
    );
    expect(hours.body.totals).toEqual([first]);
  });

  test('is walked page by page, every group once, under the same totals', async () => {
    const { key } = await tenantWithUsage();
    const all = await get(key, '/v1/billing/usage?groupBy=day');
    const walked: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor && `&cursor=${cursor}`;
      const { body } = await get(key, `/v1/billing/usage?groupBy=day&limit=1${more}`);
      expect(body.totals).toEqual(all.body.totals);
      walked.push(...body.groups);
      cursor = body.nextCursor;
    }
    expect(walked).toEqual(all.body.groups);
  });
});

test('a tenant sees no usage of another', async () => {
  const [owner, stranger] = [await api.tenantWithKey(), await api.tenantWithKey()];
  await chargeMessages(api.prisma, owner.tenant, [{ at: '2026-03-02T10:00:00Z' }]);
  expect((await get(stranger.key, '/v1/sms/usage')).body.messages).toBe(0);
  expect((await get(stranger.key, '/v1/billing/usage')).body).toMatchObject({ groups: [], totals: [] });
});

describe('a query that does not fit', () => {
  test.each([
    ['/v1/sms/usage?month=March', 'month'],
    ['/v1/sms/usage?month=2026-13', 'month'],
    ['/v1/sms/usage?month=2026-03&month=2026-04', 'month'],
    ['/v1/sms/usage?mounth=2026-03', 'mounth'],
    ['/v1/billing/usage?groupBy=number', 'groupBy'],
    ['/v1/billing/usage?month=2026-03&from=2026-03-01', 'month'],
    ['/v1/billing/usage/sms_sent?meter=sms_sent', 'meter'],
    ['/v1/billing/usage/events?limit=101', 'limit'],
    ['/v1/billing/usage/events/export?format=xml', 'format'],
    ['/v1/billing/reports?month=March', 'month'],
    ['/v1/billing/usage?from=yesterday', 'from'],
    ['/v1/billing/usage?from=0000-01-01', 'from'],
    ['/v1/billing/usage?from=2026-03-03&to=2026-03-02', 'to'],
    ['/v1/billing/usage?from=2027-01-01', 'from'],
    ['/v1/billing/usage?from=2024-01-01&to=2026-01-01', 'from'],
    ['/v1/billing/usage?limit=0', 'limit'],
    ['/v1/billing/usage?limit=', 'limit'],
    ['/v1/billing/usage?cursor=x', 'cursor'],
    ['/v1/billing/usage?meter=%00', 'meter'],
    ['/v1/billing/balance?currency=EUR', 'currency'],
  ])('%s is refused and names %s', async (path, parameter) => {
    const { key } = await api.tenantWithKey();
    expect(await get(key, path)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ parameter }] },
    });
  });

  test('is refused after the key was checked, and for want of the scope', async () => {
    const { key } = await api.tenantWithKey({ scopes: ['sms:send', 'sms:read'] });
    for (const path of [
      '/v1/sms/usage?x=1',
      '/v1/billing/usage?x=1',
      '/v1/billing/transactions',
      '/v1/sms/invoices',
    ]) {
      expect(await get(key, path)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
  });
});
