import { fromPublicId, newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { closePeriods } from '@tollgate/shared/queues/catalog.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { DAY_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { chargeMessages } from './charge-messages.ts';

let api: ApiFixture;
let cookie: string;

beforeAll(async () => {
  api = await startApiFixture();
  cookie = await api.operatorCookie('operator');
});
afterAll(() => api.close());

const ask = (method: string, path: string, json?: unknown, headers: Record<string, string> = {}) =>
  api.call(method, `/v1/admin${path}`, {
    headers: { cookie, ...headers },
    ...(json !== undefined && { json }),
  });

const bookshop = {
  name: 'Bookshop',
  plan: 'pro',
  currency: 'CZK',
  defaultCountry: 'CZ',
  timeZone: 'Europe/Prague',
};
const hello = { to: '+420777123456', body: 'Hello' };

/** A tenant made by an operator, with a key that an operator made. */
async function newTenant(wish: object = {}) {
  const { body } = await ask('POST', '/tenants', { ...bookshop, smsEnabled: true, ...wish });
  const key = await ask('POST', `/tenants/${body.id}/api-keys`, { name: 'application' });
  return { id: body.id as string, uuid: fromPublicId('tnt', body.id) as string, key: key.body.key as string };
}

const kindsOf = async (id: string) => {
  const { body } = await ask('GET', `/tenants/${id}/history`);
  return body.history.map(({ kind }: { kind: string }) => kind);
};

describe('a tenant', () => {
  test('is created by an operator with account, history and first period, and sends with its new key', async () => {
    const answer = await ask('POST', '/tenants', {
      ...bookshop,
      paymentTerms: 'postpaid',
      creditLimit: '100.00',
      smsEnabled: true,
      email: 'books@example.com',
    });
    expect(answer).toMatchObject({
      status: 201,
      body: { status: 'active', plan: 'pro', available: '100.00', creditLimit: '100.00', balance: '0.00' },
    });
    expect(answer.headers.get('location')).toBe(`/v1/admin/tenants/${answer.body.id}`);
    const { body: made } = await ask('POST', `/tenants/${answer.body.id}/api-keys`, { name: 'application' });
    expect(await api.send(made.key, hello)).toMatchObject({ status: 202 });
    const { body: shown } = await ask('GET', `/tenants/${answer.body.id}`);
    expect(shown).toMatchObject({
      smsEnabled: true,
      history: [
        { kind: 'sms_enabled', actor: 'operator@example.com' },
        { kind: 'created', actor: 'operator@example.com', detail: { plan: 'pro' } },
      ],
    });
    const { body: keys } = await ask('GET', `/tenants/${answer.body.id}/api-keys`);
    expect(keys.apiKeys).toMatchObject([{ id: made.id, hint: made.hint, revokedAt: null }]);
    expect(JSON.stringify(keys)).not.toContain(made.key);
  });

  test.each([
    [{ plan: 'golden' }, '#/plan'],
    [{ plan: 'free', smsEnabled: true }, '#/smsEnabled'],
    [{ creditLimit: '5.00' }, '#/creditLimit'],
    [{ timeZone: 'Nowhere/Land' }, '#/timeZone'],
    [{ currency: 'ZZZ' }, '#/currency'],
  ])('is not created with %j, and the answer names %s', async (wish, pointer) => {
    const before = await api.prisma.tenant.count();
    expect(await ask('POST', '/tenants', { ...bookshop, ...wish })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
    expect(await api.prisma.tenant.count()).toBe(before);
  });

  test('is found by part of its name, page by page', async () => {
    for (const name of ['Zebra one', 'zebra two', 'ZEBRA three']) {
      api.clock.advance(1);
      await newTenant({ name });
    }
    const first = await ask('GET', '/tenants?name=zebra&limit=2');
    expect(first.body.tenants.map(({ name }: { name: string }) => name)).toEqual([
      'ZEBRA three',
      'zebra two',
    ]);
    const rest = await ask('GET', `/tenants?name=zebra&limit=2&cursor=${first.body.nextCursor}`);
    expect(rest.body).toMatchObject({ tenants: [{ name: 'Zebra one' }], hasMore: false });
  });

  test('whose key was revoked is refused with it', async () => {
    const { id, key } = await newTenant();
    const { body } = await ask('GET', `/tenants/${id}/api-keys`);
    const path = `/tenants/${id}/api-keys/${body.apiKeys[0].id}`;
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await api.call('GET', '/v1/account', { key })).status).toBe(401);
    const other = await newTenant();
    expect((await ask('DELETE', `/tenants/${other.id}/api-keys/${body.apiKeys[0].id}`)).status).toBe(404);
  });
});

describe('the life of a tenant', () => {
  test('is suspended and resumed by operators: sending is refused meanwhile and says why', async () => {
    const { id, uuid, key } = await newTenant({ email: 'books@example.com' });
    expect((await ask('POST', `/tenants/${id}/suspend`, {})).body.errors).toMatchObject([
      { pointer: '#/reason' },
    ]);
    const suspended = await ask('POST', `/tenants/${id}/suspend`, { reason: 'complaints' });
    expect(suspended.body).toMatchObject({ status: 'suspended', suspensionReason: 'operator' });
    expect(await api.send(key, hello)).toMatchObject({
      status: 403,
      body: { code: 'tenant_suspended', reason: 'operator' },
    });
    await ask('POST', `/tenants/${id}/suspend`, { reason: 'complaints' });
    expect((await ask('POST', `/tenants/${id}/resume`, {})).body).toMatchObject({ status: 'active' });
    await ask('POST', `/tenants/${id}/resume`, {});
    expect(await kindsOf(id)).toEqual(['resumed', 'suspended', 'sms_enabled', 'created']);
    const mails = await api.prisma.notification.findMany({ where: { tenantId: uuid } });
    expect(mails.map(({ kind }) => kind).toSorted()).toEqual(['resumed', 'suspended']);
  });

  test('may be paused by itself; then it can only ask, and an operator is told', async () => {
    const { id, key } = await newTenant();
    const paused = await api.call('POST', '/v1/account/pause', { key });
    expect(paused.body).toMatchObject({ status: 'suspended', suspensionReason: 'tenant' });
    const wish = { message: 'We are back.' };
    const asked = await api.call('POST', '/v1/account/resume-request', { key, json: wish });
    expect(asked.body).toMatchObject({
      status: 'suspended',
      resumeRequestedAt: api.clock.now().toISOString(),
    });
    await api.call('POST', '/v1/account/resume-request', { key, json: wish });
    const alerts = await ask('GET', '/alerts?kind=resume_requested');
    expect(alerts.body.alerts.filter(({ tenantId }: { tenantId: string }) => tenantId === id)).toMatchObject([
      { detail: expect.stringContaining('We are back.') },
    ]);
    await ask('POST', `/tenants/${id}/resume`, { reason: 'asked' });
    expect((await api.call('GET', '/v1/account', { key })).body).toMatchObject({
      status: 'active',
      suspensionReason: null,
      resumeRequestedAt: null,
    });
    expect(await kindsOf(id)).toEqual(['resumed', 'resume_requested', 'suspended', 'sms_enabled', 'created']);
    const closed = await ask('GET', '/alerts?kind=resume_requested&state=closed');
    expect(closed.body.alerts).toContainEqual(expect.objectContaining({ tenantId: id }));
  });

  test('ends with its deletion: keys, plan and history stay, nothing can be sent, billing is told once', async () => {
    const { id, uuid, key } = await newTenant();
    const gone = { reason: 'asked to leave' };
    expect((await ask('DELETE', `/tenants/${id}`, gone)).body).toMatchObject({ status: 'deleted' });
    expect((await ask('DELETE', `/tenants/${id}`, gone)).status).toBe(200);
    expect((await api.send(key, hello)).status).toBe(401);
    expect(await kindsOf(id)).toEqual(['deleted', 'sms_enabled', 'created']);
    const told = (await api.waiting(closePeriods)).filter(({ tenantId }) => tenantId === uuid);
    expect(told).toEqual([{ trigger: 'manual', tenantId: uuid }]);
    for (const path of ['suspend', 'resume', 'api-keys']) {
      const json = path === 'api-keys' ? { name: 'late' } : gone;
      expect((await ask('POST', `/tenants/${id}/${path}`, json)).status, path).toBe(409);
    }
  });

  test('tells of every change of plan and of SMS, and of none that changed nothing', async () => {
    const { id, key } = await newTenant();
    await ask('POST', `/tenants/${id}/plan`, { plan: 'business' });
    await ask('POST', `/tenants/${id}/plan`, { plan: 'business' });
    for (const enabled of [false, false, true]) {
      await api.call('POST', '/v1/sms/settings', { key, json: { enabled } });
    }
    const { body } = await ask('GET', `/tenants/${id}/history`);
    expect(body.history).toMatchObject([
      { kind: 'sms_enabled', actor: expect.stringMatching(/^key_/) },
      { kind: 'sms_disabled' },
      { kind: 'plan_changed', actor: 'operator@example.com', detail: { from: 'pro', to: 'business' } },
      { kind: 'sms_enabled' },
      { kind: 'created' },
    ]);
  });

  test('is not changed by viewers, and not written anew by anybody', async () => {
    const { id, uuid } = await newTenant();
    const viewer = await api.operatorCookie('viewer');
    for (const [method, path] of [
      ['POST', `/tenants/${id}/suspend`],
      ['DELETE', `/tenants/${id}`],
      ['POST', `/tenants/${id}/credit`],
    ] as const) {
      const refused = await api.call(method, `/v1/admin${path}`, {
        headers: { cookie: viewer },
        json: { reason: 'no' },
      });
      expect(refused.status, path).toBe(403);
    }
    const rewrite = api.prisma.tenantEvent.updateMany({ where: { tenantId: uuid }, data: { actor: 'me' } });
    await expect(rewrite).rejects.toThrow();
  });
});

test('the history of tenants from before it was kept is filled in once, and marked', async () => {
  const statuses = ['active', 'suspended', 'deleted'] as const;
  const ids = statuses.map(() => newId());
  for (const [index, status] of statuses.entries()) {
    const id = ids[index] as string;
    await api.prisma.tenant.create({
      data: {
        id,
        name: 'Older',
        status,
        planId: 'pro',
        paymentTerms: 'prepaid',
        currency: 'CZK',
        defaultCountry: 'CZ',
        timeZone: 'UTC',
        dataKeyWrapped: new Uint8Array([1]),
        createdAt: new Date(testNow.getTime() - DAY_MS),
        smsSettings: { create: { enabled: status === 'active' } },
      },
    });
  }
  const tenantsExamined = await api.prisma.tenant.count();
  const first = await ask('POST', '/billing/backfill');
  expect(first.body).toEqual({
    tenantsExamined,
    lifecycleInserted: 4,
    eventsInserted: 6,
    suspensionEventsInserted: 1,
  });
  const again = await ask('POST', '/billing/backfill');
  expect(again.body).toEqual({
    tenantsExamined,
    lifecycleInserted: 0,
    eventsInserted: 0,
    suspensionEventsInserted: 0,
  });
  const { body } = await ask('GET', `/tenants/${toPublicId('tnt', ids[1] as string)}/history`);
  expect(body.history).toMatchObject([
    { kind: 'suspended', isBackfilled: true },
    { kind: 'created', isBackfilled: true, occurredAt: new Date(testNow.getTime() - DAY_MS).toISOString() },
  ]);
});

describe('credit booked by an operator', () => {
  const payment = { kind: 'purchase', amount: '500.00', method: 'bank_transfer', reference: 'VS 2026001' };
  const reason = 'bank statement 12';

  test('is a payment with its reference, booked once', async () => {
    const { id, key } = await newTenant();
    const wish = { ...payment, reason };
    const booked = await ask('POST', `/tenants/${id}/credit`, wish);
    expect(booked).toMatchObject({
      status: 201,
      body: {
        type: 'purchase',
        amount: '500.00',
        balanceAfter: '500.00',
        reference: 'VS 2026001',
        createdBy: 'operator@example.com',
        paymentMethod: 'bank_transfer',
        description: 'Bank transfer: bank statement 12',
      },
    });
    const again = await ask('POST', `/tenants/${id}/credit`, wish);
    expect([again.status, again.body.id, again.headers.get('idempotent-replayed')]).toEqual([
      200,
      booked.body.id,
      'true',
    ]);
    const other = await ask('POST', `/tenants/${id}/credit`, { ...wish, amount: '600.00' });
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await api.call('GET', '/v1/billing/balance', { key })).body.available).toBe('500.00');
  });

  test('tells a card from other means, though its document does not', async () => {
    const { id } = await newTenant();
    const wish = { ...payment, method: 'card', reason };
    expect((await ask('POST', `/tenants/${id}/credit`, wish)).body).toMatchObject({ paymentMethod: 'card' });
  });

  test('sent ten times at once is booked once', async () => {
    const { id, uuid } = await newTenant();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask('POST', `/tenants/${id}/credit`, { ...payment, reason })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201]);
    expect(await api.prisma.ledgerEntry.count({ where: { tenantId: uuid } })).toBe(1);
  });

  test('may take credit, but never below what is available: the database refuses, and nothing is booked', async () => {
    const { id, uuid } = await newTenant();
    await ask('POST', `/tenants/${id}/credit`, { kind: 'bonus', amount: '10.00', reason });
    const tooMuch = await ask('POST', `/tenants/${id}/credit`, {
      kind: 'adjustment',
      amount: '-10.01',
      reason,
    });
    expect(tooMuch).toMatchObject({ status: 409, body: { detail: expect.stringContaining('exceeds') } });
    const all = await ask('POST', `/tenants/${id}/credit`, { kind: 'adjustment', amount: '-10.00', reason });
    expect(all.body).toMatchObject({ type: 'adjustment', balanceAfter: '0.00' });
    expect(await api.prisma.ledgerEntry.count({ where: { tenantId: uuid } })).toBe(2);
  });

  test('without a reference is booked once per Idempotency-Key', async () => {
    const { id } = await newTenant();
    const wish = { kind: 'bonus', amount: '10.00', reason };
    const headers = { 'idempotency-key': 'welcome' };
    const first = await ask('POST', `/tenants/${id}/credit`, wish, headers);
    const again = await ask('POST', `/tenants/${id}/credit`, wish, headers);
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
  });

  test('is refused where no account could hold it', async () => {
    const { id } = await newTenant();
    const wish = { kind: 'bonus', amount: '999999999999.999999', reason };
    const answers = [];
    for (let bonus = 0; bonus < 10; bonus += 1)
      answers.push(await ask('POST', `/tenants/${id}/credit`, wish));
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 9 }, () => 201), 409]);
    expect(answers.at(-1)?.body.code).toBe('conflict');
  });

  test('gives a charged message’s price back once, with its usage, when the message is over', async () => {
    const { tenant } = await api.tenantWithKey();
    const [message] = await chargeMessages(api.prisma, tenant, [{ at: testNow.toISOString() }]);
    const id = toPublicId('tnt', tenant.id);
    const wish = { kind: 'refund', messageId: toPublicId('msg', message?.id as string), reason };
    expect((await ask('POST', `/tenants/${id}/credit`, wish)).status).toBe(409);
    await api.prisma.message.update({
      where: { id: message?.id as string },
      data: { state: 'delivered', wakeAt: null, finishedAt: testNow },
    });
    const refunded = await ask('POST', `/tenants/${id}/credit`, wish);
    expect(refunded).toMatchObject({
      status: 201,
      body: { type: 'refund', amount: '1.50', description: reason, createdBy: 'operator@example.com' },
    });
    expect((await ask('POST', `/tenants/${id}/credit`, wish)).status).toBe(200);
    expect((await ask('POST', `/tenants/${id}/credit`, { ...wish, reason: 'again' })).status).toBe(409);
    const usage = await api.prisma.usageEvent.findMany({ where: { tenantId: tenant.id } });
    expect(usage.reduce((sum, { amountMicros }) => sum + amountMicros, 0n)).toBe(0n);
  });

  test.each([
    [{ kind: 'purchase', amount: '5.00', method: 'cash', reason }, '#/reference'],
    [{ kind: 'bonus', amount: '-5.00', reason }, '#/amount'],
    [{ kind: 'adjustment', amount: '0.00', reason }, '#/amount'],
    [{ kind: 'bonus', amount: '5.00' }, '#/reason'],
  ])('is refused as %j, and the answer names %s', async (wish, pointer) => {
    const { id } = await newTenant();
    expect(await ask('POST', `/tenants/${id}/credit`, wish)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });
});
