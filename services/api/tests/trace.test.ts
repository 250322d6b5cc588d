import { settleInvoice } from '@tollgate/shared/billing/settle-invoice.ts';
import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { reserveCredit } from '@tollgate/shared/credit/reserve.ts';
import { settleCredit } from '@tollgate/shared/credit/settle-credit.ts';
import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { openAttempts, recordOutcomes } from '@tollgate/shared/messages/attempts.ts';
import { storeReports } from '@tollgate/shared/messages/delivery-reports.ts';
import { moveMessages } from '@tollgate/shared/messages/move-messages.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { usageOfMessage } from '@tollgate/shared/usage/message-usage.ts';
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

type Step = { step: string; key: string; at: string | null };

async function trace(key: string, messageId: string) {
  const path = `/v1/sms/messages/${toPublicId('msg', messageId)}/trace`;
  const { status, body } = await api.call('GET', path, { key });
  expect(status).toBe(200);
  const answer: { messageId: string; state: string; reached: string; complete: boolean; steps: Step[] } =
    body;
  return { ...answer, names: answer.steps.map(({ step }) => step) };
}

const finish = (messageId: string, state: 'delivered' | 'rejected' | 'expired') =>
  moveMessages(api.prisma, [{ messageId, state, wakeAt: null, finishedAt: testNow }]);

test('a message is followed arrow by arrow, from its request to its payment', async () => {
  const { prisma } = api;
  const { tenant, key } = await api.tenantWithKey({
    paymentTerms: 'postpaid',
    creditLimitMicros: 9_000_000n,
  });
  const traceParent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const message = await buildMessage(prisma, tenant, { traceParent });
  const { id: messageId, tenantId, currency, priceMicros } = message;
  const msg = toPublicId('msg', messageId);
  const at = (second: number) => new Date(Date.UTC(2026, 2, 10, 9, 0, second));
  const reached = async () => {
    const { reached: arrow, complete } = await trace(key, messageId);
    return [arrow, complete];
  };
  expect(await reached()).toEqual(['accepted', false]);

  const attemptId = newId();
  await prisma.$transaction(async (db) => {
    await lockAccounts(db, [{ tenantId, currency }]);
    await reserveCredit(db, [{ messageId, tenantId, currency, amountMicros: priceMicros }], at(1));
    await openAttempts(
      db,
      [{ id: attemptId, messageId, tenantId, number: 1, provider: 'sms-manager' }],
      at(1),
    );
  });
  expect(await reached()).toEqual(['handed_over', false]);

  const report = {
    attemptId,
    messageId,
    tenantId,
    result: 'delivered' as const,
    detail: null,
    source: 'webhook' as const,
    occurredAt: at(2),
  };
  const accepted = {
    attemptId,
    outcome: 'accepted' as const,
    failureCode: null,
    failureDetail: null,
    providerRequestId: 'r',
    providerMessageId: 'p',
  };
  await prisma.$transaction(async (db) => {
    await recordOutcomes(db, [accepted], at(3));
    await storeReports(db, [report], at(3));
    await settleCredit(
      db,
      { capture: [{ messageId, tenantId, currency, priceMicros }], release: [], refund: [] },
      at(3),
    );
    await recordUsage(db, [usageOfMessage(message, at(3))], at(3));
    await moveMessages(db, [
      { messageId, state: 'delivered', wakeAt: null, deliveredAt: at(2), finishedAt: at(2) },
    ]);
  });
  expect(await reached()).toEqual(['metered', false]);
  await rollUp(prisma, { tenantId, wait: true });
  expect(await reached()).toEqual(['rolled_up', false]);

  const invoiceId = await invoiceUsage(prisma, tenant, { document: 'stripe', settlesMicros: priceMicros });
  expect(await reached()).toEqual(['invoiced', false]);
  const pushId = newId();
  await prisma.stripePush.create({
    data: {
      id: pushId,
      tenantId,
      invoiceId,
      kind: 'invoice_item',
      params: {},
      idempotencyKey: 'push-1',
      state: 'confirmed',
      stripeId: 'ii_1',
      firstSentAt: at(4),
    },
  });
  expect(await reached()).toEqual(['pushed', false]);
  await prisma.$transaction((db) =>
    settleInvoice(db, {
      invoiceId,
      method: 'stripe',
      description: 'Stripe invoice A-1',
      createdBy: 'stripe',
      stripe: { invoiceId: 'in_1', number: 'A-1', url: null },
      paidAt: at(5),
    }),
  );

  const end = await trace(key, messageId);
  const { steps } = end;
  expect(end).toMatchObject({ messageId: msg, state: 'delivered', reached: 'paid', complete: true });
  const period = await prisma.billingPeriod.findFirstOrThrow({ where: { tenantId } });
  const [att, per, inv] = [
    toPublicId('att', attemptId),
    toPublicId('per', period.id),
    toPublicId('inv', invoiceId),
  ];
  expect(steps.map(({ step, key: natural, at: instant }) => [step, natural, instant])).toEqual([
    ['accepted', msg, '2026-03-10T09:00:00.000Z'],
    ['reserved', msg, '2026-03-10T09:00:01.000Z'],
    ['handed_over', att, '2026-03-10T09:00:01.000Z'],
    ['reported', `${att} delivered`, '2026-03-10T09:00:03.000Z'],
    ['charged', `sms_send ${msg}`, '2026-03-10T09:00:03.000Z'],
    ['metered', `sms_sent ${msg}`, '2026-03-10T09:00:03.000Z'],
    ['rolled_up', '2026-03-10 sms_sent CZ 1.50 CZK', null],
    ['invoiced', `${per} usage`, '2026-03-31T22:00:00.000Z'],
    ['pushed', 'push-1', '2026-03-10T09:00:04.000Z'],
    ['paid', inv, '2026-03-10T09:00:05.000Z'],
  ]);
  expect(steps).toMatchObject([
    { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', price: '1.50' },
    { state: 'captured', amount: '1.50' },
    { outcome: 'accepted', providerMessageId: 'p' },
    { attemptId: att, result: 'delivered' },
    { transactionId: expect.stringMatching(/^txn_/), amount: '-1.50' },
    { usageEventId: expect.stringMatching(/^use_/), quantity: '1', amount: '1.50', country: 'CZ' },
    { rollupId: expect.stringMatching(/^rol_/), day: '2026-03-10' },
    { invoiceId: inv, lines: [1] },
    { pushId: toPublicId('psh', pushId), state: 'confirmed', stripeId: 'ii_1' },
    { transactionId: expect.stringMatching(/^txn_/), stripeInvoiceNumber: 'A-1' },
  ]);
  expect(JSON.stringify(steps)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
});

describe('a trace', () => {
  test('of a prepaid tenant’s message is complete with the statement', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const [message] = await chargeMessages(api.prisma, tenant, [{ at: '2026-03-10T10:00:00Z' }]);
    const id = message?.id ?? '';
    await finish(id, 'delivered');
    expect(await trace(key, id)).toMatchObject({ reached: 'metered', complete: false });
    await invoiceUsage(api.prisma, tenant);
    expect(await trace(key, id)).toMatchObject({ reached: 'invoiced', complete: true });
  });

  test('follows a refund as well, and is complete only when both are on invoices', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const [message] = await chargeMessages(api.prisma, tenant, [{ at: '2026-03-10T10:00:00Z' }]);
    if (!message) throw new Error('no message');
    await finish(message.id, 'rejected');
    await rollUp(api.prisma, { tenantId: tenant.id, wait: true });
    await refundMessage(api.prisma, message, '2026-03-11T10:00:00Z');
    const open = await trace(key, message.id);
    expect(open.names).toEqual(['accepted', 'charged', 'refunded', 'metered', 'metered', 'rolled_up']);
    await invoiceUsage(api.prisma, tenant);
    const closed = await trace(key, message.id);
    expect(closed.complete).toBe(true);
    expect(closed.names.filter((name: string) => name === 'invoiced')).toHaveLength(1);
  });

  test('of a message that was not charged ends with the message', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const message = await buildMessage(api.prisma, tenant);
    await finish(message.id, 'expired');
    expect(await trace(key, message.id)).toMatchObject({
      state: 'expired',
      reached: 'accepted',
      complete: true,
    });
  });

  test('of another tenant’s message is not found', async () => {
    const [owner, stranger] = [await api.tenantWithKey(), await api.tenantWithKey()];
    const message = await buildMessage(api.prisma, owner.tenant);
    for (const id of [toPublicId('msg', message.id), 'msg_1']) {
      const path = `/v1/sms/messages/${id}/trace`;
      expect(await api.call('GET', path, { key: stranger.key })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
  });

  test('needs the scope to read messages', async () => {
    const { key } = await api.tenantWithKey({ scopes: ['billing:read'] });
    expect((await api.call('GET', '/v1/sms/messages/msg_1/trace', { key })).status).toBe(403);
  });
});
