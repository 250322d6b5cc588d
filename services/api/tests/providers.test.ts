import { announceProvider, blockProvider } from '@tollgate/shared/messages/provider-status.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let operator: string;
let viewer: string;

beforeAll(async () => {
  api = await startApiFixture();
  [operator, viewer] = [await api.operatorCookie('operator'), await api.operatorCookie('viewer')];
  await announceProvider(api.prisma, 'sms-manager');
});
afterAll(() => api.close());

const list = (cookie: string) => api.call('GET', '/v1/admin/providers', { headers: { cookie } });
const resume = (cookie: string, name = 'sms-manager', json?: unknown) =>
  api.call('POST', `/v1/admin/providers/${name}/resume`, { headers: { cookie }, json });

async function block() {
  const at = api.clock.now();
  const nextCheckAt = new Date(at.getTime() + MINUTE_MS);
  await blockProvider(api.prisma, {
    provider: 'sms-manager',
    reason: 'HTTP 403',
    at,
    nextCheckAt,
    relapse: { withinMs: 0, nextCheckAt },
  });
  return { blockedSince: at.toISOString(), nextCheckAt: nextCheckAt.toISOString() };
}

test('operators see which providers are blocked, why, and how many messages wait', async () => {
  const { tenant } = await api.tenantWithKey();
  const { id } = await buildMessage(api.prisma, tenant);
  await api.prisma.message.update({ where: { id }, data: { holdReason: 'provider' } });
  const since = await block();
  expect(await list(viewer)).toMatchObject({
    status: 200,
    body: {
      providers: [{ name: 'sms-manager', state: 'blocked', reason: 'HTTP 403', ...since }],
      heldMessages: 1,
    },
  });
});

test('an operator resumes one with a click; doing it again changes nothing', async () => {
  await block();
  const open = { name: 'sms-manager', state: 'open', reason: null, resumedBy: 'operator@example.com' };
  expect(await resume(operator)).toMatchObject({ status: 200, body: open });
  expect(await resume(operator)).toMatchObject({ status: 200, body: open });
});

test('nobody else does: not a viewer, not a tenant, not a stranger', async () => {
  await block();
  const { key } = await api.tenantWithKey();
  expect(await resume(viewer)).toMatchObject({ status: 403 });
  expect(await resume('')).toMatchObject({ status: 401 });
  expect(await api.call('POST', '/v1/admin/providers/sms-manager/resume', { key })).toMatchObject({
    status: 401,
  });
  expect((await list(viewer)).body.providers).toMatchObject([{ state: 'blocked' }]);
});

test('a provider that nobody knows and a field that means nothing are refused by name', async () => {
  expect(await resume(operator, 'smoke-signals')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  expect(await resume(operator, 'sms-manager', { force: true })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '#/force' }] },
  });
});
