import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { storeInbound } from '@tollgate/shared/inbound/inbound-sms.ts';
import { type TestTenant, testDataKeys } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

async function receive(tenant: TestTenant, bodies: readonly string[], messageId: string | null = null) {
  const inboxId = newId();
  const messages = bodies.map((body, position) => ({
    tenantId: tenant.id,
    provider: 'sms-manager',
    inboxId,
    position,
    sender: '+420777123456',
    recipient: '+420601000001',
    body,
    messageId,
    isStopWord: false,
    receivedAt: new Date(Date.UTC(2026, 2, 10, 9, position)),
  }));
  await storeInbound(api.prisma, testDataKeys, messages, api.clock.now());
}

const list = (key: string, query = '') => api.call('GET', `/v1/sms/inbound${query}`, { key });
const bodiesOf = ({ body }: { body: { inbound: { body: string }[] } }) => body.inbound.map((one) => one.body);

describe('received messages', () => {
  test('are listed newest first, with their text and what they answer, and only to their tenant', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const other = await api.tenantWithKey();
    const messageId = newId();
    await receive(tenant, ['Ano', 'Ne'], messageId);
    const { body } = await list(key);
    expect(body.inbound).toMatchObject([
      {
        from: '+420777123456',
        to: '+420601000001',
        body: 'Ne',
        inReplyTo: toPublicId('msg', messageId),
        receivedAt: '2026-03-10T09:01:00.000Z',
      },
      { body: 'Ano' },
    ]);
    expect((await list(other.key)).body.inbound).toEqual([]);
  });

  test('are listed page by page, each once, also within a span of time', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await receive(tenant, ['1', '2', '3', '4', '5']);
    const first = await list(key, '?limit=2');
    expect(bodiesOf(first)).toEqual(['5', '4']);
    const second = await list(key, `?limit=2&cursor=${first.body.nextCursor}`);
    expect(bodiesOf(second)).toEqual(['3', '2']);
    const last = await list(key, `?limit=2&cursor=${second.body.nextCursor}`);
    expect([bodiesOf(last), last.body.hasMore]).toEqual([['1'], false]);
    const span = await list(key, '?from=2026-03-10T09:01:00Z&to=2026-03-10T09:03:00Z');
    expect(bodiesOf(span)).toEqual(['3', '2']);
  });
});

test('operators give numbers to tenants and take them back', async () => {
  const cookie = await api.operatorCookie('operator');
  const { tenant } = await api.tenantWithKey();
  const asOperator = (method: string, path: string, json?: unknown) =>
    api.call(method, path, { headers: { cookie }, json });
  const assignment = { number: '+420601000009', tenantId: toPublicId('tnt', tenant.id) };
  expect((await asOperator('POST', '/v1/admin/numbers', assignment)).body).toEqual(assignment);
  expect((await asOperator('GET', '/v1/admin/numbers')).body.numbers).toContainEqual(assignment);
  const nobody = { ...assignment, tenantId: toPublicId('tnt', newId()) };
  expect((await asOperator('POST', '/v1/admin/numbers', nobody)).body.errors[0].pointer).toBe('#/tenantId');
  const path = `/v1/admin/numbers/${encodeURIComponent(assignment.number)}`;
  expect((await asOperator('DELETE', path)).status).toBe(204);
  expect((await asOperator('DELETE', path)).status).toBe(404);
});
