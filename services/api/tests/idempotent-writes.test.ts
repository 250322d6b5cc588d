import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let cookie: string;

beforeAll(async () => {
  api = await startApiFixture();
  cookie = await api.operatorCookie('operator');
});
afterAll(() => api.close());

let keys = 0;
const newKey = () => {
  keys += 1;
  return `write-${keys}`;
};

const operate = (path: string, key: string, json: unknown, method = 'POST') =>
  api.call(method, `/v1/admin${path}`, {
    headers: { cookie, 'idempotency-key': key },
    ...(json !== undefined && { json }),
  });

const tenantNamed = (name: string) => ({
  name,
  plan: 'pro',
  currency: 'CZK',
  defaultCountry: 'CZ',
  timeZone: 'Europe/Prague',
});

const countTenants = (name: string) => api.prisma.tenant.count({ where: { name } });

describe('a write that is repeated under its key', () => {
  test('is done once and answered alike, with Location and Idempotent-Replayed', async () => {
    const key = newKey();
    const first = await operate('/tenants', key, tenantNamed('Once'));
    const second = await operate('/tenants', key, tenantNamed('Once'));
    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect([first, second].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(await countTenants('Once')).toBe(1);
  });

  test('is done once by twenty requests at the same time', async () => {
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => operate('/tenants', key, tenantNamed('Together'))),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    for (const { status, body, headers } of answers) {
      if (status === 201) continue;
      expect([status, body.code, headers.get('retry-after')]).toEqual([409, 'idempotency_in_progress', '1']);
    }
    expect(await countTenants('Together')).toBe(1);
  });

  test('is refused where something else is asked for under the key', async () => {
    const key = newKey();
    await operate('/tenants', key, tenantNamed('First'));
    expect(await operate('/tenants', key, tenantNamed('Second'))).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict' },
    });
    expect(await operate('/billing/backfill', key, {})).toMatchObject({ status: 409 });
    expect(await countTenants('Second')).toBe(0);
  });

  test('is tried again where it was refused before', async () => {
    const key = newKey();
    const wish = { ...tenantNamed('Later'), plan: 'golden' };
    expect((await operate('/tenants', key, wish)).status).toBe(400);
    expect((await operate('/tenants', key, tenantNamed('Later'))).status).toBe(201);
  });

  test('is never done again when its answer was lost, however late it is asked for', async () => {
    const key = newKey();
    await operate('/tenants', key, tenantNamed('Unanswered'));
    // As a process leaves it that dies between the commit and the answer.
    await api.prisma.$executeRaw`UPDATE keyed_writes SET answer = NULL WHERE key = ${key}`;
    const again = () => operate('/tenants', key, tenantNamed('Unanswered'));
    expect(await again()).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress' } });
    await api.prisma.$executeRaw`
      UPDATE keyed_writes SET created_at = ${new Date(testNow.getTime() - 2 * MINUTE_MS)} WHERE key = ${key}`;
    expect(await again()).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await countTenants('Unanswered')).toBe(1);
  });

  test('shows an API key once, and keeps it nowhere', async () => {
    const { body: tenant } = await operate('/tenants', newKey(), tenantNamed('Secret'));
    const key = newKey();
    const make = () => operate(`/tenants/${tenant.id}/api-keys`, key, { name: 'application' });
    const { status, body } = await make();
    expect(status).toBe(201);
    expect(await make()).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const [{ kept } = { kept: '' }] = await api.prisma.$queryRaw<{ kept: string }[]>`
      SELECT string_agg(answer::text, '') AS kept FROM keyed_writes`;
    expect(kept).not.toContain(body.key);
  });

  test('deletes once and answers with nothing twice', async () => {
    await operate('/block-list', newKey(), { recipients: ['+420777000001'], reason: 'asked for it' });
    const key = newKey();
    const remove = () => operate('/block-list/+420777000001', key, undefined, 'DELETE');
    expect((await remove()).status).toBe(204);
    const again = await remove();
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([204, 'true']);
  });
});

describe('a write that many ask for at the same time under one key is done once', () => {
  const together = <Answer>(ask: (index: number) => Promise<Answer>) =>
    Promise.all(Array.from({ length: 10 }, (_, index) => ask(index)));
  const done = <Answer extends { status: number }>(answers: readonly Answer[]) =>
    answers.filter(({ status }) => status < 300);

  test('a fee of a tenant', async () => {
    const { tenant } = await api.tenantWithKey();
    const key = newKey();
    const fee = { kind: 'monthly', name: 'Support', amount: '100.00', startsOn: '2026-04-01' };
    const answers = await together(() => operate(`/tenants/${toPublicId('tnt', tenant.id)}/fees`, key, fee));
    expect(new Set(done(answers).map(({ body }) => body.id)).size).toBe(1);
    expect(await api.prisma.fee.count({ where: { tenantId: tenant.id } })).toBe(1);
  });

  test('opting recipients out, each time others', async () => {
    const { tenant, key: apiKey } = await api.tenantWithKey();
    const headers = { 'idempotency-key': newKey() };
    const answers = await together((index) =>
      api.call('POST', '/v1/sms/opt-outs', {
        key: apiKey,
        headers,
        json: { recipients: [`+42077700000${index}`] },
      }),
    );
    expect(done(answers)).toHaveLength(1);
    expect(await api.prisma.optOut.count({ where: { tenantId: tenant.id } })).toBe(1);
  });

  test('credit, each time under another reference', async () => {
    const { tenant } = await api.tenantWithKey({ balanceMicros: 0n });
    const key = newKey();
    const answers = await together((index) =>
      operate(`/tenants/${toPublicId('tnt', tenant.id)}/credit`, key, {
        ...{ kind: 'bonus', amount: '10.00', reason: 'welcome', reference: `bonus ${index}` },
      }),
    );
    expect(done(answers)).toHaveLength(1);
    expect(await api.prisma.ledgerEntry.count({ where: { tenantId: tenant.id } })).toBe(1);
  });
});

test('canceling a batch again under its key is answered as before', async () => {
  const { key } = await api.tenantWithKey();
  const call = (path: string, json: unknown, idempotencyKey: string) =>
    api.call('POST', path, { key, json, headers: { 'idempotency-key': idempotencyKey } });
  const recipients = [{ to: '+420777123456' }, { to: '+420777123457' }];
  const { body: batch } = await call('/v1/sms/batch', { body: 'Hello', recipients }, newKey());
  const cancelKey = newKey();
  const first = await call(batch.links.cancel, {}, cancelKey);
  expect(first.body).toMatchObject({ canceled: 2, canceledBefore: 0 });
  const again = await call(batch.links.cancel, {}, cancelKey);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
});

test('a preview under a key tells what holds now', async () => {
  const { tenant, key } = await api.tenantWithKey({ balanceMicros: 5_000_000n });
  const headers = { 'idempotency-key': newKey() };
  const json = { to: '+420777123456', body: 'Hello' };
  const preview = async () => (await api.call('POST', '/v1/sms/preview', { key, headers, json })).body;
  expect((await preview()).available).toBe('5.00');
  await api.prisma.account.updateMany({
    where: { tenantId: tenant.id },
    data: { creditLimitMicros: 1_000_000n },
  });
  expect((await preview()).available).toBe('6.00');
});

test('what is answered again counts as a request of its API key, and each request once', async () => {
  const { key } = await api.tenantWithKey();
  const headers = { 'idempotency-key': newKey() };
  const left = async () => {
    const answer = await api.call('POST', '/v1/sms/opt-outs', {
      ...{ key, headers, json: { recipients: ['+420777123456'] } },
    });
    return Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]);
  };
  const first = await left();
  expect([await left(), await left()]).toEqual([first - 1, first - 2]);
});

test('a deleted tenant’s key is refused, also for what was answered before', async () => {
  const { tenant, key: apiKey } = await api.tenantWithKey();
  const headers = { 'idempotency-key': newKey() };
  const ask = () =>
    api.call('POST', '/v1/sms/opt-outs', { key: apiKey, headers, json: { recipients: ['+420777123456'] } });
  expect((await ask()).status).toBe(200);
  const path = `/tenants/${toPublicId('tnt', tenant.id)}`;
  expect((await operate(path, newKey(), { reason: 'left' }, 'DELETE')).status).toBe(200);
  expect(await ask()).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
});

test('nobody is shown what another was answered under the same key', async () => {
  const key = newKey();
  const mine = await operate('/tenants', key, tenantNamed('Mine'));
  const other = await api.operatorCookie('admin');
  const theirs = await api.call('POST', '/v1/admin/tenants', {
    headers: { cookie: other, 'idempotency-key': key },
    json: tenantNamed('Theirs'),
  });
  expect(theirs.status).toBe(201);
  expect(theirs.body.id).not.toBe(mine.body.id);
  const stranger = await api.call('POST', '/v1/admin/tenants', {
    headers: { 'idempotency-key': key },
    json: tenantNamed('Mine'),
  });
  expect(stranger).toMatchObject({ status: 401 });
});

test('tenants’ writes are kept by API key', async () => {
  const { key: apiKey } = await api.tenantWithKey();
  const { key: otherKey } = await api.tenantWithKey();
  const idempotencyKey = newKey();
  const pause = (key: string) =>
    api.call('POST', '/v1/account/pause', { key, headers: { 'idempotency-key': idempotencyKey }, json: {} });
  const first = await pause(apiKey);
  const second = await pause(apiKey);
  expect(first.status).toBe(200);
  expect(second).toMatchObject({ status: 200, body: first.body });
  expect(second.headers.get('idempotent-replayed')).toBe('true');
  expect((await pause(otherKey)).headers.get('idempotent-replayed')).toBeNull();
});
