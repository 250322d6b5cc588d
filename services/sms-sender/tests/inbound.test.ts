import { newId } from '@tollgate/shared/ids/ids.ts';
import { openInbound } from '@tollgate/shared/inbound/inbound-sms.ts';
import { assignNumber } from '@tollgate/shared/inbound/tenant-numbers.ts';
import { keepReplyThreads } from '@tollgate/shared/messages/reply-threads.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { buildTenant, type TestTenant, testDataKeys } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type SenderFixture, startSenderFixture } from './sender-fixture.ts';

let sender: SenderFixture;

beforeAll(async () => {
  sender = await startSenderFixture();
});
afterAll(() => sender.close());
beforeEach(() => sender.reset());

/** What the provider posts of a message that somebody wrote. */
const incoming = (event: object) => ({
  body: JSON.stringify([{ type: 'incoming', sender: '420777123456', body: 'Děkuji', ...event }]),
  attempt: null,
});
const received = (tenant: TestTenant) =>
  sender.prisma.inboundSms.findMany({ where: { tenantId: tenant.id }, orderBy: { id: 'asc' } });
const counted = (tenant: TestTenant) =>
  sender.prisma.usageEvent.findMany({ where: { tenantId: tenant.id, meter: 'sms_received' } });

test('a reply is kept, sealed, with the message that it answers, and counted once without a price', async () => {
  const tenant = await buildTenant(sender.prisma);
  const { id } = await buildMessage(sender.prisma, tenant);
  await sender.send(id);
  const [attempt] = await sender.attempts(id);
  await sender.applyWebhooks([incoming({ recipient: '420900', payload: { attempt: attempt?.id } })]);

  const [reply] = await received(tenant);
  expect(reply).toMatchObject({
    sender: '+420777123456',
    recipient: '+420900',
    messageId: id,
    isStopWord: false,
  });
  if (!reply) throw new Error('nothing was stored');
  expect(Buffer.from(reply.bodyEncrypted).toString()).not.toContain('Děkuji');
  expect(openInbound(testDataKeys.open(tenant.id, tenant.dataKeyWrapped), reply)).toBe('Děkuji');
  expect(await counted(tenant)).toMatchObject([{ sourceId: reply.id, quantity: 1n, amountMicros: 0n }]);
  expect(await sender.discrepancies(tenant.id)).toEqual([]);
});

test('a reply of many segments is kept whole', async () => {
  const tenant = await buildTenant(sender.prisma);
  const number = '+420601000009';
  await assignNumber(sender.prisma, { number, tenantId: tenant.id }, sender.clock.now());
  const body = 'Přijdu později. '.repeat(90);
  await sender.applyWebhooks([incoming({ recipient: number, body })]);
  const [reply] = await received(tenant);
  if (!reply) throw new Error('nothing was stored');
  expect(openInbound(testDataKeys.open(tenant.id, tenant.dataKeyWrapped), reply)).toBe(body);
});

test('the same stored webhook, applied again or by many at once, is kept and counted once', async () => {
  const tenant = await buildTenant(sender.prisma);
  const number = '+420601000001';
  await assignNumber(sender.prisma, { number, tenantId: tenant.id }, sender.clock.now());
  await sender.applyWebhooks([incoming({ recipient: number })]);
  const inbox = await sender.prisma.inboxEvent.findFirstOrThrow({ orderBy: { id: 'desc' } });
  await sender.prisma.inboxEvent.update({ where: { id: inbox.id }, data: { appliedAt: null } });
  await Promise.all([sender.applyInbox(inbox.id), sender.applyInbox(inbox.id), sender.applyInbox(inbox.id)]);
  expect(await received(tenant)).toHaveLength(1);
  expect(await counted(tenant)).toHaveLength(1);
});

test('what is sent to a tenant’s number is that tenant’s, and STOP there opts out of that tenant only', async () => {
  const [owner, other] = [await buildTenant(sender.prisma), await buildTenant(sender.prisma)];
  const number = '+420601000002';
  await assignNumber(sender.prisma, { number, tenantId: owner.id }, sender.clock.now());
  await sender.applyWebhooks([incoming({ recipient: number.slice(1), body: 'Stop' })]);
  expect(await received(owner)).toMatchObject([{ recipient: number, messageId: null, isStopWord: true }]);
  const messages = [await buildMessage(sender.prisma, owner), await buildMessage(sender.prisma, other)];
  await sender.send(...messages.map(({ id }) => id));
  const states = await Promise.all(messages.map(({ id }) => sender.message(id)));
  expect(states.map(({ state }) => state)).toEqual(['rejected', 'submitted']);
});

test('what names no message is for the owner of the number, else for whoever wrote to that person last', async () => {
  const [writer, owner] = [await buildTenant(sender.prisma), await buildTenant(sender.prisma)];
  const recipient = '+420777555444';
  const { id } = await buildMessage(sender.prisma, writer, { recipient });
  await sender.send(id);
  const [attempt] = await sender.attempts(id);
  const thread = { provider: 'sms-manager', recipient, attemptId: attempt?.id ?? '', tenantId: writer.id };
  await keepReplyThreads(sender.prisma, [thread], sender.clock.now());
  const number = '+420601000003';
  await assignNumber(sender.prisma, { number, tenantId: owner.id }, sender.clock.now());
  await sender.applyWebhooks([
    incoming({ sender: recipient, recipient: number, body: 'to the number' }),
    incoming({ sender: recipient, recipient: 'Bookshop', body: 'to the name' }),
  ]);
  expect(await received(owner)).toMatchObject([{ recipient: number, messageId: null }]);
  expect(await received(writer)).toMatchObject([{ recipient: null, messageId: id }]);
});

test('what is for nobody, or names an attempt that is not ours, is kept in the inbox only', async () => {
  const before = await sender.prisma.inboundSms.count();
  const results = await sender.applyWebhooks([
    incoming({ recipient: '420601999999' }),
    incoming({ payload: { attempt: newId() } }),
    incoming({ recipient: 'Bookshop' }),
  ]);
  expect(results).toEqual(results.map(() => expect.stringContaining('0 stored, 0 opted out')));
  expect(await sender.prisma.inboundSms.count()).toBe(before);
});
