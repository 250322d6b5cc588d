import { reopenInvoice } from '@tollgate/shared/billing/reopen-invoice.ts';
import { settleInvoice } from '@tollgate/shared/billing/settle-invoice.ts';
import { recordPurchase } from '@tollgate/shared/credit/record-purchase.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { TestTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { chargeMessages, invoiceUsage, refundMessage } from './charge-messages.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const list = (key: string, query = '') => api.call('GET', `/v1/billing/transactions${query}`, { key });

type Listed = { id: string; type: string; reference: string | null };

const purchase = (tenant: TestTenant, reference: string, at = '2026-03-10T10:00:00Z') =>
  api.prisma.$transaction((db) =>
    recordPurchase(
      db,
      {
        tenantId: tenant.id,
        currency: tenant.currency,
        amountMicros: 1_000_000n,
        reference,
        description: 'top-up',
        createdBy: 'test',
      },
      new Date(at),
    ),
  );

describe('the ledger', () => {
  test('tells of each entry what was taken, for what, and the balance around it, newest first', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 10_000_000n });
    const [message] = await chargeMessages(api.prisma, tenant, [
      {
        at: '2026-03-10T10:00:00Z',
        segments: 3,
        priceMicros: 4_500_000n,
        campaign: 'spring',
        metadata: { room: '12' },
      },
    ]);
    const { status, body } = await list(key);
    expect(status).toBe(200);
    expect(body).toMatchObject({ total: 2, hasMore: false, nextCursor: null });
    const [sms, opening] = body.transactions;
    expect(sms).toEqual({
      id: expect.stringMatching(/^txn_[0-9a-f]{32}$/),
      type: 'sms_send',
      amount: '-4.50',
      currency: 'CZK',
      balanceBefore: '10.00',
      balanceAfter: '5.50',
      messageId: toPublicId('msg', message?.id ?? ''),
      smsCount: 3,
      costPerSms: '1.50',
      campaign: 'spring',
      metadata: { room: '12' },
      paymentMethod: null,
      description: null,
      reference: null,
      createdBy: 'tollgate',
      occurredAt: '2026-03-10T10:00:00.000Z',
    });
    expect(opening).toMatchObject({ type: 'purchase', amount: '10.00', messageId: null, smsCount: null });
  });

  test('counts a message priced as a whole as one, so that count × cost is what was taken', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await chargeMessages(api.prisma, tenant, [
      { at: '2026-03-10T10:00:00Z', segments: 3, pricedPer: 'message' },
    ]);
    const { body } = await list(key, '?type=sms_send');
    expect(body.transactions).toMatchObject([{ smsCount: 1, costPerSms: '1.50', amount: '-1.50' }]);
  });

  test('names the payment of an invoice by the invoice’s public id, and finds it by that', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await chargeMessages(api.prisma, tenant, [{ at: '2026-03-10T10:00:00Z' }]);
    const invoiceId = await invoiceUsage(api.prisma, tenant, {
      document: 'stripe',
      settlesMicros: 1_500_000n,
    });
    await api.prisma.$transaction((db) =>
      settleInvoice(db, {
        invoiceId,
        method: 'stripe',
        description: 'Stripe invoice A-1',
        createdBy: 'stripe',
        stripe: { invoiceId: 'in_1', number: 'A-1', url: null },
        paidAt: new Date('2026-04-02T00:00:00Z'),
      }),
    );
    const reference = toPublicId('inv', invoiceId);
    const { body } = await list(key, `?reference=${reference}`);
    expect(body).toMatchObject({
      total: 1,
      transactions: [{ type: 'invoice_payment', amount: '1.50', reference }],
    });
  });

  test('says how money came, and that it went the same way', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await chargeMessages(api.prisma, tenant, [{ at: '2026-03-10T10:00:00Z' }]);
    const settlesMicros = 1_500_000n;
    const invoiceId = await invoiceUsage(api.prisma, tenant, { document: 'stripe', settlesMicros });
    const at = new Date('2026-04-02T00:00:00Z');
    await api.prisma.$transaction(async (db) => {
      const by = { description: 'paid', createdBy: 'stripe' };
      await settleInvoice(db, { invoiceId, method: 'stripe', paidAt: at, ...by });
      await reopenInvoice(db, { invoiceId, kind: 'dispute', reference: 'dp_1', at, description: 'disputed' });
    });
    const methods = async (type: string) => {
      const { body } = await list(key, `?type=${type}`);
      return body.transactions.map(({ paymentMethod }: { paymentMethod: string | null }) => paymentMethod);
    };
    expect(await methods('invoice_payment')).toEqual(['stripe']);
    expect(await methods('dispute')).toEqual(['stripe']);
    expect(await methods('sms_send')).toEqual([null]);
  });

  test('is filtered by type, local days, instants and reference', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const [message] = await chargeMessages(api.prisma, tenant, [{ at: '2026-03-10T22:59:00Z' }]);
    if (message) await refundMessage(api.prisma, message, '2026-03-10T23:30:00Z');
    await purchase(tenant, 'top-up 1', '2026-03-12T00:00:00Z');
    const types = async (query: string) => {
      const { body } = await list(key, query);
      expect(body.total).toBe(body.transactions.length);
      return body.transactions.map(({ type }: Listed) => type);
    };
    expect(await types('?type=refund')).toEqual(['refund']);
    expect(await types('?from=2026-03-11')).toEqual(['purchase', 'refund']);
    expect(await types('?to=2026-03-10')).toEqual(['sms_send', 'purchase']);
    expect(await types('?from=2026-03-10T23:30:00Z&to=2026-03-12T00:00:00Z')).toEqual(['refund']);
    expect(await types('?reference=top-up%201')).toEqual(['purchase']);
    expect(await types('?reference=nothing')).toEqual([]);
  });

  test('of another tenant is not seen', async () => {
    const [owner, stranger] = [await api.tenantWithKey(), await api.tenantWithKey({ balanceMicros: 0n })];
    await purchase(owner.tenant, 'private');
    expect((await list(stranger.key)).body).toMatchObject({ transactions: [], total: 0 });
    expect((await list(stranger.key, '?reference=private')).body.transactions).toEqual([]);
  });
});

describe('walking the ledger', () => {
  test('by cursor meets every entry once, while new ones arrive', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 0n });
    for (let entry = 1; entry <= 7; entry += 1) await purchase(tenant, `old ${entry}`);
    const walked: (string | null)[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor && `&cursor=${cursor}`;
      const { body } = await list(key, `?limit=3${more}`);
      expect(body.hasMore).toBe(body.nextCursor !== null);
      expect(body.total).toBe(cursor === '' ? 7 : null);
      walked.push(...body.transactions.map(({ reference }: Listed) => reference));
      cursor = body.nextCursor;
      await purchase(tenant, `new ${walked.length}`);
    }
    expect(walked).toEqual([7, 6, 5, 4, 3, 2, 1].map((entry) => `old ${entry}`));
  });

  test('by offset gives the total and whether there is more', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 0n });
    for (let entry = 1; entry <= 5; entry += 1) await purchase(tenant, `entry ${entry}`);
    const page = async (offset: number) => {
      const { body } = await list(key, `?limit=2&offset=${offset}`);
      expect(body.total).toBe(5);
      return [body.transactions.map(({ reference }: Listed) => reference), body.hasMore];
    };
    expect(await page(0)).toEqual([['entry 5', 'entry 4'], true]);
    expect(await page(2)).toEqual([['entry 3', 'entry 2'], true]);
    expect(await page(4)).toEqual([['entry 1'], false]);
    expect(await page(9)).toEqual([[], false]);
  });

  test('takes at most 100 at once, and 20 when not asked', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 0n });
    for (let entry = 1; entry <= 21; entry += 1) await purchase(tenant, `many ${entry}`);
    expect((await list(key)).body).toMatchObject({ transactions: { length: 20 }, total: 21, hasMore: true });
    expect((await list(key, '?limit=100')).body.transactions).toHaveLength(21);
    expect((await list(key, '?limit=101')).status).toBe(400);
  });

  test('refuses cursors that are not its own', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await purchase(tenant, 'second');
    const { nextCursor } = (await list(key, '?limit=1')).body;
    const forged = Buffer.from('["transactions",{"before":"1; DROP"}]').toString('base64url');
    const ofAnotherList = Buffer.from('["invoices",{"before":"1"}]').toString('base64url');
    for (const cursor of ['x', `${nextCursor}=`, forged, ofAnotherList, 'a'.repeat(2_000)]) {
      expect(await list(key, `?cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ parameter: 'cursor' }] },
      });
    }
    expect(await list(key, `?cursor=${nextCursor}&offset=1`)).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'offset' }] },
    });
  });

  test.each(['colour', 'Type', 'page'])('refuses the unknown parameter %s by name', async (parameter) => {
    const { key } = await api.tenantWithKey();
    expect((await list(key, `?${parameter}=1`)).body.errors).toEqual([
      { parameter, detail: 'is not a known parameter' },
    ]);
  });
});
