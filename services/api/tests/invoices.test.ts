import { openPeriod } from '@tollgate/shared/billing/open-period.ts';
import { settleInvoice } from '@tollgate/shared/billing/settle-invoice.ts';
import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { chargeMessages, invoiceUsage } from './charge-messages.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const get = (key: string, path = '') => api.call('GET', `/v1/sms/invoices${path}`, { key });

test('a paid invoice tells its period in local days, what was owed, Stripe’s number, and its lines', async () => {
  const { tenant, key } = await api.tenantWithKey({ paymentTerms: 'postpaid', balanceMicros: 0n });
  await chargeMessages(api.prisma, tenant, [
    { at: '2026-03-20T10:00:00Z', segments: 2, unitPriceMicros: 752_500n, priceMicros: 1_505_000n },
  ]);
  const id = await invoiceUsage(api.prisma, tenant, { document: 'stripe', settlesMicros: 1_505_000n });
  await api.prisma.$transaction((db) =>
    settleInvoice(db, {
      invoiceId: id,
      method: 'stripe',
      description: 'Stripe invoice A-1',
      createdBy: 'stripe',
      stripe: { invoiceId: 'in_1', number: 'A-1', url: 'https://invoice.stripe.com/i/1' },
      paidAt: new Date('2026-04-02T00:00:00Z'),
    }),
  );
  const { status, body } = await get(key, `/${toPublicId('inv', id)}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    id: toPublicId('inv', id),
    kind: 'usage',
    state: 'paid',
    document: 'stripe',
    number: null,
    credits: null,
    period: {
      cadence: 'monthly',
      firstDay: '2026-03-10',
      lastDay: '2026-03-31',
      startsAt: '2026-03-10T09:00:00.000Z',
      endsAt: '2026-03-31T22:00:00.000Z',
      timeZone: 'Europe/Prague',
    },
    currency: 'CZK',
    usage: '1.505',
    owed: '1.505',
    charges: '0.00',
    total: '1.51',
    vat: { treatment: 'none', ratePercent: '0', amount: '0.00' },
    gross: '1.51',
    taxedUse: null,
    credited: '0.00',
    due: '0.00',
    dueOn: null,
    issuedAt: '2026-03-31T22:00:00.000Z',
    paidAt: '2026-04-02T00:00:00.000Z',
    stripe: { number: 'A-1', url: 'https://invoice.stripe.com/i/1' },
    lines: [
      {
        position: 1,
        kind: 'usage',
        section: null,
        meter: 'sms_sent',
        country: 'CZ',
        unitPrice: '0.7525',
        quantity: '2',
        amount: '1.505',
        description: 'SMS to CZ',
      },
    ],
  });
  expect((await get(key)).body).toEqual({ invoices: [body], hasMore: false, nextCursor: null });
});

test('invoices are walked newest first, each once, while new ones arrive and where instants are equal', async () => {
  const { tenant, key } = await api.tenantWithKey();
  const issue = async (startsAt: string, issuedAt: string) => {
    await openPeriod(api.prisma, tenant.id, new Date(startsAt));
    return invoiceUsage(api.prisma, tenant, { issuedAt: new Date(issuedAt) });
  };
  await api.prisma.billingPeriod.updateMany({
    where: { tenantId: tenant.id },
    data: { closedAt: new Date() },
  });
  const together = '2026-06-01T00:00:00Z';
  const first = await issue('2026-04-01T00:00:00Z', together);
  const second = await issue('2026-05-01T00:00:00Z', together);
  const third = await issue('2026-06-01T00:00:00Z', '2026-07-01T00:00:00Z');
  const walked: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const more: string = cursor && `&cursor=${cursor}`;
    const { body } = await get(key, `?limit=1${more}`);
    walked.push(...body.invoices.map(({ id }: { id: string }) => id));
    cursor = body.nextCursor;
    if (walked.length === 1) await issue('2026-07-01T00:00:00Z', '2026-08-01T00:00:00Z');
  }
  expect(walked).toEqual([third, second, first].map((id) => toPublicId('inv', id)));
});

test('another tenant’s invoice is in no list and not found, and neither is a malformed or unknown id', async () => {
  const [owner, stranger] = [await api.tenantWithKey(), await api.tenantWithKey()];
  const id = toPublicId('inv', await invoiceUsage(api.prisma, owner.tenant));
  expect((await get(owner.key, `/${id}`)).status).toBe(200);
  expect((await get(stranger.key)).body.invoices).toEqual([]);
  for (const asked of [id, id.replace('inv_', 'msg_'), 'inv_1', toPublicId('inv', newId())]) {
    expect(await get(stranger.key, `/${asked}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  }
});

test.each(['?limit=0', '?cursor=x', '?state=paid'])('the query %s is refused', async (query) => {
  const { key } = await api.tenantWithKey();
  expect(await get(key, query)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
});
