import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { recordUsage } from '@tollgate/shared/usage/record-usage.ts';
import { rollUp } from '@tollgate/shared/usage/roll-up.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { chargeMessages, invoiceUsage, refundMessage } from './charge-messages.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const report = (key: string, month = '2026-03') =>
  api.call('GET', `/v1/billing/reports?month=${month}`, { key });
const sum = (quantity: string, amount: string) => ({ quantity, amount });

describe('a month’s report', () => {
  test('has messages, segments and cost by country and day, and the invoice of it', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await chargeMessages(api.prisma, tenant, [
      { at: '2026-03-02T10:00:00Z', segments: 2, priceMicros: 3_000_000n },
      { at: '2026-03-03T10:00:00Z', country: 'SK' },
    ]);
    await invoiceUsage(api.prisma, tenant);
    const { status, body } = await report(key);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      month: '2026-03',
      period: { firstDay: '2026-03-01', lastDay: '2026-03-31', timeZone: 'Europe/Prague' },
      isOver: false,
      months: ['2026-03'],
      reports: [
        {
          currency: 'CZK',
          sms: {
            messages: 2,
            segments: 3,
            cost: '4.50',
            countries: [{ country: 'CZ' }, { country: 'SK' }],
            days: [{ day: '2026-03-02' }, { day: '2026-03-03' }],
          },
          meters: [
            {
              meter: 'sms_sent',
              asBilled: sum('3', '4.50'),
              asKnownNow: sum('3', '4.50'),
              notYetBilled: sum('0', '0.00'),
            },
          ],
          invoices: [{ amount: '4.50', isLate: false, state: 'issued' }],
        },
      ],
    });
  });

  test('shows what was late and corrected since it was billed, beside what was billed', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const [first] = await chargeMessages(api.prisma, tenant, [{ at: '2026-03-02T10:00:00Z' }]);
    await invoiceUsage(api.prisma, tenant);
    await chargeMessages(api.prisma, tenant, [
      { at: '2026-03-02T11:00:00Z', segments: 3, priceMicros: 4_500_000n },
    ]);
    if (first) await refundMessage(api.prisma, first, '2026-03-05T10:00:00Z');
    await rollUp(api.prisma, { tenantId: tenant.id, wait: true });
    const [entry] = (await report(key)).body.reports;
    expect(entry.meters).toEqual([
      {
        meter: 'sms_sent',
        asBilled: sum('1', '1.50'),
        asKnownNow: sum('3', '4.50'),
        notYetBilled: sum('2', '3.00'),
      },
    ]);
  });

  test('of a month without usage has nothing in it, and no usage of another tenant', async () => {
    const [owner, stranger] = [await api.tenantWithKey(), await api.tenantWithKey()];
    await recordUsage(
      api.prisma,
      [
        {
          tenantId: owner.tenant.id,
          meter: 'call_made',
          sourceId: 'a',
          quantity: 1n,
          currency: 'CZK',
          unitPriceMicros: 0n,
          amountMicros: 0n,
          country: '',
          campaign: null,
          occurredAt: testNow,
        },
      ],
      testNow,
    );
    await rollUp(api.prisma, { tenantId: owner.tenant.id, wait: true });
    expect((await report(owner.key)).body.reports[0].meters).toHaveLength(1);
    expect((await report(stranger.key)).body).toMatchObject({
      months: [],
      reports: [{ currency: 'CZK', sms: { messages: 0 }, meters: [], invoices: [] }],
    });
  });
});
