import { rollUpUsage } from '@tollgate/shared/queues/catalog.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { DAY_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { rollUp } from '@tollgate/shared/usage/roll-up.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let operator: { cookie: string };

beforeAll(async () => {
  api = await startApiFixture();
  operator = { cookie: await api.operatorCookie('admin') };
  await post('/v1/admin/meter-prices', { meter: 'call_made', currency: 'CZK', unitPrice: '0.40' });
  await post('/v1/admin/meter-prices', { meter: 'storage_used_mb', currency: 'CZK', unitPrice: '0.01' });
});
afterAll(() => api.close());

const post = (path: string, json: unknown) => api.call('POST', path, { headers: operator, json });
const record = (key: string, ...events: unknown[]) =>
  api.call('POST', '/v1/billing/usage', { key, json: { events } });
const get = (key: string, path: string) => api.call('GET', path, { key });
const call = (key: string, fields: object = {}) => ({ key, meter: 'call_made', quantity: 1, ...fields });
const ago = (ms: number) => new Date(testNow.getTime() - ms).toISOString();

describe('recording usage', () => {
  test('prices each event as it is used, and wakes the aggregator', async () => {
    const { key, tenant } = await api.tenantWithKey();
    const event = call('a', {
      quantity: 3,
      user: 'u1',
      resource: 'line 1',
      campaign: 'spring',
      metadata: { a: 'b' },
    });
    const { status, body } = await record(key, event);
    expect([status, body]).toMatchObject([200, { recorded: 1, events: [{ key: 'a', state: 'recorded' }] }]);
    const listed = await get(key, '/v1/billing/usage/events');
    expect(listed.body.events).toMatchObject([
      {
        id: body.events[0].id,
        key: 'a',
        meter: 'call_made',
        quantity: '3',
        unitPrice: '0.40',
        amount: '1.20',
        user: 'u1',
        resource: 'line 1',
        campaign: 'spring',
        metadata: { a: 'b' },
        occurredAt: testNow.toISOString(),
      },
    ]);
    expect(await api.waiting(rollUpUsage)).toContainEqual({ tenantId: tenant.id });
  });

  test('the same key again is recorded once, with or without the instant that was filled in', async () => {
    const { key } = await api.tenantWithKey();
    const first = await record(key, call('a'));
    api.clock.advance(MINUTE_MS);
    const again = await record(key, call('a'), call('a', { occurredAt: testNow.toISOString() }));
    api.clock.advance(-MINUTE_MS);
    const { id } = first.body.events[0];
    expect(again.body).toMatchObject({
      recorded: 0,
      repeated: 2,
      events: [
        { state: 'repeated', id },
        { state: 'repeated', id },
      ],
    });
    expect((await get(key, '/v1/billing/usage')).body.totals).toMatchObject([{ quantity: '1' }]);
  });

  test.each([
    ['quantity', { quantity: 2 }],
    ['user', { user: 'other' }],
    ['metadata', { metadata: { a: 'c' } }],
    ['instant', { occurredAt: ago(MINUTE_MS) }],
  ])(
    'a key with another %s is a conflict that names the key, also within one request',
    async (_what, change) => {
      const { key } = await api.tenantWithKey();
      const { body } = await record(key, call('a'), call('a', change), call('b'));
      expect(body.events).toMatchObject([
        { state: 'recorded' },
        {
          state: 'refused',
          problem: { code: 'idempotency_conflict', status: 409, detail: expect.stringContaining('key a ') },
        },
        { state: 'recorded' },
      ]);
    },
  );

  test.each([
    ['meter', { meter: 'nothing_known' }, 'no meter'],
    ['meter', { meter: 'sms_sent' }, 'gateway itself'],
    ['meter', { meter: 'api_request' }, 'gateway itself'],
    ['meter', { meter: 'fee:019a9f6e' }, 'no meter'],
    ['quantity', { quantity: 1.5 }, 'whole'],
    ['quantity', { quantity: -1 }, 'negative'],
    ['quantity', { quantity: '1' }, 'whole'],
    ['occurredAt', { occurredAt: ago(-6 * MINUTE_MS) }, 'future'],
    ['occurredAt', { occurredAt: ago(36 * DAY_MS) }, '35 days'],
    ['key', { key: 'with blank' }, 'visible'],
    ['unit', { unit: 'x' }, 'known field'],
    ['corrects', { corrects: 'nothing', quantity: -1 }, 'no event'],
    ['user', { corrects: 'good', quantity: 1, user: 'u' }, 'that is corrected'],
  ])('refuses a bad %s, names it, and takes the others: %j', async (field, change, reason) => {
    const { key } = await api.tenantWithKey();
    const { status, body } = await record(key, call('good'), call('bad', change), call('better'));
    expect([status, body.recorded, body.refused]).toEqual([200, 2, 1]);
    expect(body.events[1]).toMatchObject({
      state: 'refused',
      problem: {
        code: 'invalid_request',
        pointer: `#/events/1/${field}`,
        detail: expect.stringContaining(reason),
      },
    });
  });

  test('takes a thousand events, and refuses one more', async () => {
    const { key } = await api.tenantWithKey();
    const events = Array.from({ length: 1_000 }, (_, index) => call(`call-${index}`));
    expect((await record(key, ...events)).body.recorded).toBe(1_000);
    expect((await record(key, ...events, call('more'))).status).toBe(400);
  });

  test('records nothing for a test key, and says so', async () => {
    const { key } = await api.tenantWithKey({ mode: 'test' });
    expect((await record(key, call('a'))).body.events).toMatchObject([{ state: 'checked', id: null }]);
    expect((await get(key, '/v1/billing/usage/events')).body.events).toEqual([]);
  });

  test('keys of another tenant, or of another meter, are others', async () => {
    const [one, other] = [await api.tenantWithKey(), await api.tenantWithKey()];
    await record(one.key, call('a'));
    expect((await record(other.key, call('a', { quantity: 5 }))).body.recorded).toBe(1);
    expect((await record(one.key, call('a', { meter: 'call_received', quantity: 5 }))).body.recorded).toBe(1);
  });
});

describe('a correction', () => {
  test('takes back at the price and on the day of what it corrects', async () => {
    const { key } = await api.tenantWithKey();
    await record(key, call('a', { quantity: 5, user: 'u1', occurredAt: ago(3 * DAY_MS) }));
    await post('/v1/admin/meter-prices', {
      meter: 'call_made',
      currency: 'CZK',
      plan: 'pro',
      unitPrice: '9.00',
      validUntil: ago(-DAY_MS),
    });
    const { body } = await record(key, call('back', { corrects: 'a', quantity: -2 }));
    expect(body.recorded).toBe(1);
    const listed = await get(key, '/v1/billing/usage/events?key=back');
    // Three days ago there was no price yet, and there is none for what is taken back of it.
    expect(listed.body.events).toMatchObject([
      { corrects: 'a', quantity: '-2', unitPrice: '0.00', user: 'u1', occurredAt: ago(3 * DAY_MS) },
    ]);
    expect((await record(key, call('back', { corrects: 'a', quantity: -2 }))).body.repeated).toBe(1);
  });

  test('never takes back more than was counted, nor the same twice in one request', async () => {
    const { key } = await api.tenantWithKey();
    const back = (name: string, quantity: number) => call(name, { corrects: 'a', quantity });
    const { body } = await record(
      key,
      call('a', { quantity: 3 }),
      back('b', -2),
      back('b', -2),
      back('c', -2),
      call('d', { corrects: 'b', quantity: 1 }),
    );
    expect(
      body.events.map(({ state, problem }: { state: string; problem: { pointer: string } | null }) => [
        state,
        problem?.pointer,
      ]),
    ).toEqual([
      ['recorded', undefined],
      ['recorded', undefined],
      ['repeated', undefined],
      ['refused', '#/events/3/quantity'],
      // Recorded a moment ago, but a correction itself.
      ['refused', '#/events/4/corrects'],
    ]);
  });

  test('of two at once that each take back all, one is refused', async () => {
    const { key } = await api.tenantWithKey();
    await record(key, call('a'));
    const both = await Promise.all(
      ['b', 'c'].map((name) => record(key, call(name, { corrects: 'a', quantity: -1 }))),
    );
    expect(both.map(({ body }) => body.recorded).sort()).toEqual([0, 1]);
  });
});

describe('a level', () => {
  const storage = (key: string, quantity: number, fields: object = {}) => ({
    key,
    meter: 'storage_used_mb',
    quantity,
    ...fields,
  });

  test('counts its highest of each day, in queries as in roll-ups', async () => {
    const { key, tenant } = await api.tenantWithKey();
    await record(
      key,
      storage('a', 70, { resource: 'disk 1' }),
      storage('b', 90, { resource: 'disk 2' }),
      storage('c', 20, { occurredAt: ago(DAY_MS) }),
      storage('d', 5, { occurredAt: ago(DAY_MS) }),
    );
    const day = await get(key, '/v1/billing/usage/storage_used_mb');
    expect(day.body).toMatchObject({
      meter: { aggregation: 'max', unit: 'MB', unitPrice: '0.01' },
      groups: [
        { key: '2026-03-09', quantity: '20', eventCount: 2 },
        { key: '2026-03-10', quantity: '90', eventCount: 2 },
      ],
      totals: [{ quantity: '110', eventCount: 4 }],
    });
    const parts = await get(key, '/v1/billing/usage?groupBy=resource');
    expect(parts.body.groups).toMatchObject([
      { key: null, quantity: '20', amount: null },
      { key: 'disk 1', quantity: '70', amount: null },
      { key: 'disk 2', quantity: '90', amount: null },
    ]);
    await api.prisma.$transaction((db) => rollUp(db, { tenantId: tenant.id, wait: true }));
    const { _sum } = await api.prisma.usageRollup.aggregate({
      where: { tenantId: tenant.id },
      _sum: { quantity: true },
    });
    expect(_sum.quantity).toBe(110n);
  });

  test('is priced as its day begins: a price from noon on holds from tomorrow on', async () => {
    const { key } = await api.tenantWithKey();
    await record(key, storage('today', 10));
    api.clock.advance(DAY_MS);
    await record(key, storage('tomorrow', 10));
    api.clock.advance(-DAY_MS);
    const { body } = await get(key, '/v1/billing/usage/storage_used_mb');
    expect(body.groups).toMatchObject([
      { key: '2026-03-10', amount: '0.00' },
      { key: '2026-03-11', amount: '0.10' },
    ]);
  });
});

describe('the list and the export', () => {
  test('are narrowed by what events carry, and walked newest first', async () => {
    const { key } = await api.tenantWithKey();
    await record(
      key,
      call('a', { user: 'u1', occurredAt: ago(2 * DAY_MS) }),
      call('b', { user: 'u2', resource: 'line' }),
      call('c', { meter: 'call_received', campaign: 'spring', occurredAt: ago(DAY_MS) }),
    );
    const keys = async (query: string) => {
      const { body } = await get(key, `/v1/billing/usage/events?${query}`);
      return body.events.map((event: { key: string }) => event.key);
    };
    expect(await keys('')).toEqual(['b', 'c', 'a']);
    expect(await keys('user=u1')).toEqual(['a']);
    expect(await keys('resource=line')).toEqual(['b']);
    expect(await keys('campaign=spring')).toEqual(['c']);
    expect(await keys('meter=call_received')).toEqual(['c']);
    expect(await keys('from=2026-03-09&to=2026-03-09')).toEqual(['c']);
    const first = await get(key, '/v1/billing/usage/events?limit=2');
    expect(await keys(`limit=2&cursor=${first.body.nextCursor}`)).toEqual(['a']);
    const csv = await get(key, '/v1/billing/usage/events/export');
    expect(csv.text.split('\r\n')).toMatchObject([
      expect.stringContaining('id,meter,key,'),
      expect.stringContaining(',call_made,b,'),
      expect.stringContaining(',call_received,c,'),
      expect.stringContaining(',call_made,a,'),
      '',
    ]);
    const lines = await get(key, '/v1/billing/usage/events/export?format=jsonl&user=u2');
    expect(
      lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ key: 'b' }]);
  });

  test('show neither fees nor the usage of others', async () => {
    const { key, tenant } = await api.tenantWithKey();
    const stranger = await api.tenantWithKey();
    await record(key, call('a'));
    await api.database.pool.query(
      `INSERT INTO usage_events (id, tenant_id, meter, source_id, quantity, currency, unit_price_micros, amount_micros,
                                 occurred_at, recorded_at)
       VALUES (gen_random_uuid(), $1, 'fee:019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e', 'f', 1, 'CZK', 5, 5, $2, $2)`,
      [tenant.id, testNow],
    );
    expect((await get(key, '/v1/billing/usage/events')).body.events).toHaveLength(1);
    expect((await get(key, '/v1/billing/usage?groupBy=meter')).body.totals).toMatchObject([
      { meter: 'call_made' },
    ]);
    expect((await get(key, '/v1/billing/usage/fee:019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e')).status).toBe(404);
    expect((await get(stranger.key, '/v1/billing/usage/events')).body.events).toEqual([]);
  });
});

describe('meters and their prices', () => {
  test('an operator adds a meter of its own, which can be recorded then', async () => {
    const { key } = await api.tenantWithKey();
    const meter = { id: 'pages_printed', name: 'Pages printed', unit: 'page', aggregation: 'sum' };
    expect((await post('/v1/admin/meters', meter)).status).toBe(201);
    expect(await post('/v1/admin/meters', { ...meter, aggregation: 'max' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await record(key, call('a', { meter: 'pages_printed' }))).body.recorded).toBe(1);
    const listed = await api.call('GET', '/v1/admin/meters', { headers: operator });
    expect(listed.body.meters).toContainEqual(expect.objectContaining({ ...meter, isInternal: false }));
  });

  test.each([
    [{ id: 'Pages' }, '#/id'],
    [{ id: 'fee:x' }, '#/id'],
    [{ id: 'sms_other' }, '#/id'],
    [{ id: 'events' }, '#/id'],
    [{ aggregation: 'mean' }, '#/aggregation'],
  ])('refuses the meter %j', async (change, pointer) => {
    const { status, body } = await post('/v1/admin/meters', { id: 'x', name: 'x', unit: 'x', ...change });
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  });

  test.each([
    [{ meter: 'sms_sent' }, '#/meter'],
    [{ meter: 'nothing' }, '#/meter'],
    [{ plan: 'nothing' }, '#/plan'],
    [{ unitPrice: '-1.00' }, '#/unitPrice'],
    [{ validFrom: ago(DAY_MS) }, '#/validFrom'],
  ])('refuses the price %j', async (change, pointer) => {
    const price = { meter: 'campaign_launched', currency: 'CZK', unitPrice: '1.00', ...change };
    const { status, body } = await post('/v1/admin/meter-prices', price);
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  });

  test('a price that has not begun can be removed, and viewers change nothing', async () => {
    const price = { meter: 'contact_created', currency: 'CZK', unitPrice: '1.00', validFrom: ago(-DAY_MS) };
    const { status, body } = await post('/v1/admin/meter-prices', price);
    expect(status).toBe(201);
    const viewer = { cookie: await api.operatorCookie('viewer') };
    const remove = (headers: { cookie: string }) =>
      api.call('DELETE', `/v1/admin/meter-prices/${body.id}`, { headers });
    expect((await remove(viewer)).status).toBe(403);
    expect((await remove(operator)).status).toBe(204);
    expect((await remove(operator)).status).toBe(404);
  });
});
