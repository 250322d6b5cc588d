import { fromPublicId, newId } from '@tollgate/shared/ids/ids.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const hello = { to: '+420777123456', body: 'Hello' };
const cancel = (key: string, id: string) => api.call('POST', `/v1/sms/messages/${id}/cancel`, { key });

async function sentMessage(request: object = hello) {
  const { tenant, key } = await api.tenantWithKey();
  const { body } = await api.send(key, request);
  return { tenant, key, publicId: body.id as string, id: fromPublicId('msg', body.id) ?? '' };
}

async function addAttempt(tenantId: string, messageId: string, outcome: string | null, closed: boolean) {
  const at = api.clock.now();
  await api.prisma.messageAttempt.create({
    data: {
      id: newId(),
      messageId,
      tenantId,
      number: 1,
      provider: 'sms-manager',
      openedAt: at,
      ...(closed ? { closedAt: at } : {}),
      ...(outcome === null ? {} : { outcome }),
    },
  });
  await api.prisma.message.update({ where: { id: messageId }, data: { state: 'sending', attemptCount: 1 } });
}

test('a scheduled message is canceled, says so, and is never looked at again', async () => {
  const { key, publicId, id } = await sentMessage({ ...hello, sendAt: '2026-03-10T18:00:00Z' });
  const { status, body } = await cancel(key, publicId);
  expect([status, body.state, body.charged]).toEqual([200, 'canceled', false]);
  expect(body.timeline.map(({ event }: { event: string }) => event)).toEqual(['accepted', 'canceled']);
  expect(await api.prisma.message.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'canceled',
    wakeAt: null,
    finishedAt: api.clock.now(),
  });
});

test('canceling again gives the canceled message again', async () => {
  const { key, publicId } = await sentMessage();
  const first = await cancel(key, publicId);
  const again = await cancel(key, publicId);
  expect([again.status, again.body]).toEqual([200, first.body]);
});

test('a message that waits for a retry is canceled, and its reservation is free in the same transaction', async () => {
  const { tenant, key, publicId, id } = await sentMessage();
  await addAttempt(tenant.id, id, 'unavailable', true);
  await api.prisma.creditReservation.create({
    data: {
      messageId: id,
      tenantId: tenant.id,
      currency: 'CZK',
      amountMicros: 1_500_000n,
      state: 'open',
      openedAt: api.clock.now(),
    },
  });
  await api.prisma.account.updateMany({
    where: { tenantId: tenant.id },
    data: { reservedMicros: 1_500_000n },
  });
  expect((await cancel(key, publicId)).body.state).toBe('canceled');
  const account = await api.prisma.account.findFirstOrThrow({ where: { tenantId: tenant.id } });
  expect([account.reservedMicros, account.balanceMicros]).toEqual([0n, 1_000_000_000n]);
  const reservation = await api.prisma.creditReservation.findUniqueOrThrow({ where: { messageId: id } });
  expect(reservation.state).toBe('released');
});

test.each([
  ['is open', null, false],
  ['has an outcome that nobody knows', 'unknown', false],
  ['was accepted', 'accepted', true],
  ['was given up without knowing', 'unknown', true],
])('a message whose attempt %s is too late, with its state', async (_, outcome, closed) => {
  const { tenant, key, publicId, id } = await sentMessage();
  await addAttempt(tenant.id, id, outcome, closed);
  expect(await cancel(key, publicId)).toMatchObject({
    status: 409,
    body: { code: 'too_late', state: 'sending' },
  });
  expect((await api.prisma.message.findUniqueOrThrow({ where: { id } })).state).toBe('sending');
});

test('another tenant’s message is not found and stays as it is', async () => {
  const { id, publicId } = await sentMessage();
  const stranger = await api.tenantWithKey();
  expect(await cancel(stranger.key, publicId)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect((await api.prisma.message.findUniqueOrThrow({ where: { id } })).state).toBe('accepted');
});

test('a key that may only read cannot cancel, and a body is refused', async () => {
  const { tenant, key, publicId } = await sentMessage();
  const reader = await api.tenantWithKey({ scopes: ['sms:read'] });
  expect((await cancel(reader.key, publicId)).status).toBe(403);
  const path = `/v1/sms/messages/${publicId}/cancel`;
  expect((await api.call('POST', path, { key, json: { force: true } })).status).toBe(400);
  expect(await api.prisma.message.count({ where: { tenantId: tenant.id, state: 'canceled' } })).toBe(0);
});
