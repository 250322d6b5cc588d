import { newId } from '@tollgate/shared/ids/ids.ts';
import { sendMessages, sendMessagesPriority } from '@tollgate/shared/queues/catalog.ts';
import { apiScopes, createApiKey } from '@tollgate/shared/tenants/api-keys.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const hello = { to: '+420777123456', body: 'Hello' };

describe('an accepted message', () => {
  test('is answered with its segments and price only after it is stored and enqueued', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const { status, headers, body } = await api.send(key, {
      to: '777 123 456',
      body: 'Příliš žluťoučký kůň',
      reference: 'order-7',
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      state: 'accepted',
      to: '+420777123456',
      country: 'CZ',
      encoding: 'ucs2',
      segments: 1,
      price: { amount: '1.50', currency: 'CZK' },
      reference: 'order-7',
      acceptedAt: '2026-03-10T09:00:00.000Z',
      validUntil: '2026-03-11T09:00:00.000Z',
    });
    expect(headers.get('location')).toBe(`/v1/sms/messages/${body.id}`);
    const stored = await api.prisma.message.findMany({ where: { tenantId: tenant.id } });
    expect(stored).toMatchObject([
      { state: 'accepted', priceMicros: 1_500_000n, traceParent: expect.any(String) },
    ]);
    const jobs = await api.waiting(sendMessages);
    expect(jobs.flatMap(({ messageIds }) => messageIds)).toContain(stored[0]?.id);
  });

  test('continues the caller’s trace', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await api.call('POST', '/v1/sms/send', { key, json: hello, headers: { traceparent } });
    const message = await api.prisma.message.findFirstOrThrow({ where: { tenantId: tenant.id } });
    expect(message.traceParent).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
  });

  test('is stored sealed: its text is nowhere in the row', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await api.send(key, { ...hello, body: 'very secret words' });
    const rows = await api.prisma.$queryRaw<{ row: string }[]>`
      SELECT messages::text || encode(body_encrypted, 'escape') AS row FROM messages WHERE tenant_id = ${tenant.id}::uuid`;
    expect(rows[0]?.row).not.toContain('secret');
  });

  test('of category priority has its own lane, and a scheduled one waits for its time', async () => {
    const { key } = await api.tenantWithKey();
    const urgent = await api.send(key, { ...hello, category: 'priority' });
    const later = await api.send(key, { ...hello, sendAt: '2026-03-10T18:00:00+01:00' });
    expect(urgent.body.validUntil).toBe('2026-03-10T09:10:00.000Z');
    expect(later.body).toMatchObject({
      sendAt: '2026-03-10T17:00:00.000Z',
      validUntil: '2026-03-11T17:00:00.000Z',
    });
    expect(await api.connection.queue(sendMessagesPriority.name).getWaitingCount()).toBe(1);
  });

  test('can be read with its body and timeline', async () => {
    const { key } = await api.tenantWithKey();
    const sent = await api.send(key, { ...hello, metadata: { room: '12' } });
    const { status, body } = await api.call('GET', `/v1/sms/messages/${sent.body.id}`, { key });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...sent.body,
      body: 'Hello',
      metadata: { room: '12' },
      attempts: 0,
      charged: false,
    });
    expect(body.timeline).toEqual([
      { at: '2026-03-10T09:00:00.000Z', event: 'accepted', attempt: null, detail: null },
    ]);
  });
});

describe('an idempotency key', () => {
  test('used again for the same request gives the same answer and one message', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const first = await api.send(key, hello, 'once');
    const again = await api.send(key, { body: 'Hello', to: '+420777123456' }, 'once');
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await api.prisma.message.count({ where: { tenantId: tenant.id } })).toBe(1);
  });

  test('used for another request is a conflict and sends nothing', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await api.send(key, hello, 'once');
    const other = await api.send(key, { ...hello, body: 'Good bye' }, 'once');
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } });
    expect(await api.prisma.message.count({ where: { tenantId: tenant.id } })).toBe(1);
  });

  test('used fifty times at once makes one message, and everybody gets its id', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.send(key, hello, 'fifty')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await api.prisma.message.count({ where: { tenantId: tenant.id } })).toBe(1);
  });

  test('belongs to its tenant: another tenant’s same key is another message', async () => {
    const [one, two] = [await api.tenantWithKey(), await api.tenantWithKey()];
    const first = await api.send(one.key, hello, 'shared');
    const second = await api.send(two.key, hello, 'shared');
    expect(second.headers.get('idempotent-replayed')).toBeNull();
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('belongs to its mode: a live message is not answered with a test one', async () => {
    const { tenant, key } = await api.tenantWithKey({ mode: 'test' });
    const liveKey = await createApiKey(api.prisma, {
      id: newId(),
      tenantId: tenant.id,
      name: 'live',
      mode: 'live',
      scopes: apiScopes,
      createdAt: testNow,
    });
    await api.send(key, hello, 'order-1');
    const live = await api.send(liveKey, hello, 'order-1');
    expect(live.headers.get('idempotent-replayed')).toBeNull();
    expect(live.body.mode).toBe('live');
  });

  test('of a refused request is free again', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 0n });
    expect((await api.send(key, hello, 'retry')).status).toBe(402);
    await api.prisma.account.updateMany({
      where: { tenantId: tenant.id },
      data: { creditLimitMicros: 9_000_000n },
    });
    expect((await api.send(key, hello, 'retry')).status).toBe(202);
  });

  test('of refused twins in one batch gives both the refusal', async () => {
    const { tenant, key } = await api.tenantWithKey({ balanceMicros: 0n });
    const answers = await Promise.all([api.send(key, hello, 'poor'), api.send(key, hello, 'poor')]);
    expect(answers.map(({ status }) => status)).toEqual([402, 402]);
    expect(await api.prisma.message.count({ where: { tenantId: tenant.id } })).toBe(0);
  });

  test('that cannot be kept is refused', async () => {
    const { key } = await api.tenantWithKey();
    expect(await api.send(key, hello, 'x'.repeat(256))).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});

describe('a request that does not fit', () => {
  test.each([
    [{ body: 'Hello' }, '#/to'],
    [{ ...hello, to: 'nobody' }, '#/to'],
    [{ ...hello, to: '0777 123 456' }, '#/to'],
    [{ ...hello, to: '+420222111222' }, '#/to'],
    [{ ...hello, to: '+420900123456' }, '#/to'],
    [{ to: hello.to }, '#/body'],
    [{ ...hello, body: '' }, '#/body'],
    [{ ...hello, body: 'x'.repeat(1_001) }, '#/body'],
    [{ ...hello, sender: 'far too long a name' }, '#/sender'],
    [{ ...hello, category: 'urgent' }, '#/category'],
    [{ ...hello, sendAt: 'tomorrow' }, '#/sendAt'],
    [{ ...hello, sendAt: '2020-01-01T00:00:00Z' }, '#/sendAt'],
    [{ ...hello, validUntil: '2020-01-01T00:00:00Z' }, '#/validUntil'],
    [{ ...hello, metadata: { a: 1 } }, '#/metadata/a'],
    [{ ...hello, sendAt: '9999-12-31T23:59:59Z' }, '#/sendAt'],
    [{ ...hello, validUntil: '9999-12-31T23:59:59-14:00' }, '#/validUntil'],
    [{ ...hello, body: '   ' }, '#/body'],
    [{ ...hello, body: 'half \ud83d' }, '#/body'],
    [{ ...hello, body: 'nul \0' }, '#/body'],
    [{ ...hello, reference: 'a\0b' }, '#/reference'],
    [{ ...hello, metadata: { a: '\ud800' } }, '#/metadata/a'],
    [{ ...hello, sendat: '2026-03-10T18:00:00Z' }, '#/sendat'],
  ])('%j is refused with a pointer to %s, and nothing is stored', async (request, pointer) => {
    const { tenant, key } = await api.tenantWithKey();
    const { status, headers, body } = await api.send(key, request);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({ code: 'invalid_request', status: 400, errors: [{ pointer }] });
    expect(await api.prisma.message.count({ where: { tenantId: tenant.id } })).toBe(0);
  });

  test('names every field at once', async () => {
    const { key } = await api.tenantWithKey();
    const { body } = await api.send(key, { body: 5, colour: 'red' });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '#/body',
      '#/colour',
      '#/to',
    ]);
  });

  test('does not spoil the others that arrive with it', async () => {
    const { key } = await api.tenantWithKey();
    const answers = await Promise.all(
      [hello, { ...hello, to: '123' }, hello].map((request) => api.send(key, request)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 400, 202]);
  });

  test.each([
    ['{', 400, 'invalid_request'],
    [`{"to":"${'x'.repeat(300_000)}"}`, 413, 'payload_too_large'],
  ])('body %.10s… answers %i %s', async (json, status, code) => {
    const { key } = await api.tenantWithKey();
    expect(await api.send(key, json)).toMatchObject({ status, body: { code } });
  });
});

describe('who may send', () => {
  test.each([
    ['no key', undefined],
    ['a key of another form', 'tg_live_short'],
    ['an unknown key', `tg_live_${'A'.repeat(32)}`],
  ])('%s is 401', async (_, key) => {
    const answer = await api.call('POST', '/v1/sms/send', {
      json: hello,
      ...(key === undefined ? {} : { key }),
    });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  test('a key without the scope is 403', async () => {
    const { key } = await api.tenantWithKey({ scopes: ['sms:read'] });
    expect(await api.send(key, hello)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  test('a plan without SMS, SMS switched off, and a suspended tenant are 403 and say which', async () => {
    const starter = await api.tenantWithKey({ planId: 'starter' });
    expect(await api.send(starter.key, hello)).toMatchObject({ status: 403, body: { code: 'sms_disabled' } });
    const off = await api.tenantWithKey({ smsSettings: { enabled: false } });
    expect(await api.send(off.key, hello)).toMatchObject({ status: 403, body: { code: 'sms_disabled' } });
    const { tenant, key } = await api.tenantWithKey();
    await api.prisma.tenant.update({ where: { id: tenant.id }, data: { status: 'suspended' } });
    expect(await api.send(key, hello)).toMatchObject({ status: 403, body: { code: 'tenant_suspended' } });
  });

  test('without credit is 402 with the shortfall', async () => {
    const { key } = await api.tenantWithKey({ balanceMicros: 1_000_000n });
    expect(await api.send(key, hello)).toMatchObject({
      status: 402,
      body: {
        code: 'insufficient_credit',
        available: '1.00',
        price: '1.50',
        shortfall: '0.50',
        currency: 'CZK',
      },
    });
  });

  test('a test key needs no credit', async () => {
    const { key } = await api.tenantWithKey({ balanceMicros: 0n, mode: 'test' });
    expect(await api.send(key, hello)).toMatchObject({ status: 202, body: { mode: 'test' } });
  });

  test('another tenant’s message is not found, and neither is a malformed id', async () => {
    const [owner, stranger] = [await api.tenantWithKey(), await api.tenantWithKey()];
    const { body } = await api.send(owner.key, hello);
    for (const id of [body.id, body.id.replace('msg_', 'inv_'), 'msg_1', '%00']) {
      const answer = await api.call('GET', `/v1/sms/messages/${id}`, { key: stranger.key });
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });
});

describe('the balance', () => {
  test('shows what is left, held and allowed', async () => {
    const { key } = await api.tenantWithKey({
      currency: 'EUR',
      balanceMicros: 12_345_600n,
      creditLimitMicros: 5_000_000n,
    });
    expect((await api.call('GET', '/v1/billing/balance', { key })).body).toEqual({
      currency: 'EUR',
      balance: '12.3456',
      reserved: '0.00',
      creditLimit: '5.00',
      available: '17.3456',
      formatted: '€17.3456',
    });
  });
});

describe('a request that cannot even be read', () => {
  test.each([
    ['POST', '/v1/sms/send', { 'content-encoding': 'gzip', 'content-type': 'application/json' }],
    ['GET', '/v1/sms/messages/%E0%A4%A', {}],
  ] as const)(
    '%s %s is the caller’s mistake, not ours, and raises no alarm',
    async (method, path, headers) => {
      const before = api.log.lines().filter(({ level }) => level === 'error').length;
      const answer = await api.call(method, path, {
        headers: { ...headers },
        ...(method === 'POST' ? { json: 'no gzip' } : {}),
      });
      expect(answer.status).toBe(400);
      expect(api.log.lines().filter(({ level }) => level === 'error')).toHaveLength(before);
    },
  );

  test('with a query parameter that nobody knows is refused', async () => {
    const { key } = await api.tenantWithKey();
    const answer = await api.call('POST', '/v1/sms/send?typo=1', { key, json: hello });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ parameter: 'typo' }] } });
  });
});

describe('what nothing answers', () => {
  test('is a problem too, and logs hold neither bodies nor whole numbers nor keys', async () => {
    const { key } = await api.tenantWithKey();
    expect(await api.call('GET', '/v1/nothing', { key })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
    expect(api.log.text()).not.toMatch(/Hello|420777123456|tg_live_/);
  });
});
