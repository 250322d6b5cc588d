import { advanceTopUp } from '@tollgate/shared/queues/catalog.ts';
import { createStripe } from '@tollgate/shared/stripe/stripe-client.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import {
  type StripeSimulator,
  startStripeSimulator,
} from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let simulator: StripeSimulator;
let key: string;
let tenantId: string;

beforeEach(async () => {
  simulator = await startStripeSimulator({ secretKey: 'sk_test_api', now: () => testNow });
  const stripe = createStripe({ secretKey: 'sk_test_api', apiBase: simulator.baseUrl, networkRetriesMax: 0 });
  api = await startApiFixture({ payments: { stripe, taxMode: 'none' } });
  const made = await api.tenantWithKey();
  key = made.key;
  tenantId = made.tenant.id;
});
afterEach(async () => {
  await api.close();
  await simulator.close();
});

const buy = (json: object, options: { idempotencyKey?: string; path?: string; as?: string } = {}) =>
  api.call('POST', options.path ?? '/v1/billing/top-ups', {
    key: options.as ?? key,
    json,
    headers: options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey },
  });

const balance = async () => (await api.call('GET', '/v1/billing/balance', { key })).body.balance;

describe('buying credit', () => {
  test.each(['/v1/billing/top-ups', '/v1/billing/add-funds'])(
    'by %s opens a page and credits nothing',
    async (path) => {
      const answer = await buy({ amount: '500.00', successUrl: 'https://shop.example/thanks' }, { path });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({
        id: expect.stringMatching(/^top_/),
        state: 'created',
        amount: '500.00',
        currency: 'CZK',
        checkoutUrl: expect.stringContaining('/checkout/'),
      });
      expect(await balance()).toBe('1000.00');
      const page = await fetch(answer.body.checkoutUrl);
      expect(await page.text()).toContain('500.00 CZK');
      const paid = await fetch(`${answer.body.checkoutUrl}/pay`, {
        method: 'POST',
        body: new URLSearchParams({ with: 'card' }),
        redirect: 'manual',
      });
      expect([paid.status, paid.headers.get('location')]).toEqual([303, 'https://shop.example/thanks']);
      // Being paid is told by Stripe alone; whoever looks makes us ask.
      expect(await balance()).toBe('1000.00');
      const looked = await api.call('GET', `/v1/billing/top-ups/${answer.body.id}`, { key });
      expect(looked.body).toMatchObject({ id: answer.body.id, state: 'created' });
      expect(await api.waiting(advanceTopUp)).toHaveLength(1);
    },
  );

  test('with the same key again leads to the same top-up and page', async () => {
    const first = await buy({ amount: '500.00' }, { idempotencyKey: 'k1' });
    const again = await buy({ amount: '500.00' }, { idempotencyKey: 'k1' });
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect((await buy({ amount: '600.00' }, { idempotencyKey: 'k1' })).status).toBe(409);
    expect(await api.prisma.topUp.count({ where: { tenantId } })).toBe(1);
  });

  test('at the same moment with one key makes one top-up', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(() => buy({ amount: '500.00' }, { idempotencyKey: 'k2' })),
    );
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await api.prisma.topUp.count({ where: { tenantId } })).toBe(1);
  });

  test.each([
    ['99.99', 'is less than 100.00 CZK'],
    ['100000.01', 'is more than 100000.00 CZK'],
    ['500.001', 'has more decimals than CZK has'],
    ['-500.00', 'is less than 100.00 CZK'],
  ])('of %s is refused by name', async (amount, detail) => {
    const { status, body } = await buy({ amount });
    expect([status, body.errors]).toEqual([400, [{ pointer: '#/amount', detail }]]);
    expect(await api.prisma.topUp.count()).toBe(0);
  });

  test('is stored when Stripe does not answer, and the same key finishes it', async () => {
    simulator.faults.set({ always: { kind: 'status', status: 500, path: '/v1/checkout/sessions' } });
    const stored = await buy({ amount: '500.00' }, { idempotencyKey: 'k3' });
    expect(stored.status).toBe(202);
    expect(stored.body).toMatchObject({ state: 'created', checkoutUrl: null });
    simulator.faults.clear();
    const again = await buy({ amount: '500.00' }, { idempotencyKey: 'k3' });
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({
      id: stored.body.id,
      checkoutUrl: expect.stringContaining('/checkout/'),
    });
    expect(await api.prisma.topUp.count()).toBe(1);
  });

  test('is not possible with a test key', async () => {
    const test = await api.tenantWithKey({ mode: 'test' });
    expect((await buy({ amount: '500.00' }, { as: test.key })).status).toBe(403);
  });

  test('is listed newest first, for its own tenant only', async () => {
    const first = await buy({ amount: '500.00' });
    api.clock.advance(1_000);
    const second = await buy({ amount: '600.00' });
    const page = await api.call('GET', '/v1/billing/top-ups?limit=1', { key });
    expect(page.body.topUps.map(({ id }: { id: string }) => id)).toEqual([second.body.id]);
    const next = await api.call('GET', `/v1/billing/top-ups?limit=1&cursor=${page.body.nextCursor}`, { key });
    expect(next.body).toMatchObject({ topUps: [{ id: first.body.id }], hasMore: false });
    const stranger = await api.tenantWithKey();
    expect(
      (await api.call('GET', `/v1/billing/top-ups/${first.body.id}`, { key: stranger.key })).status,
    ).toBe(404);
    expect((await api.call('GET', '/v1/billing/top-ups', { key: stranger.key })).body.topUps).toEqual([]);
  });
});

describe('without an account at Stripe', () => {
  test('buying says so and stores nothing', async () => {
    const bare = await startApiFixture();
    const { key: bareKey } = await bare.tenantWithKey();
    const answer = await bare.call('POST', '/v1/billing/top-ups', {
      key: bareKey,
      json: { amount: '500.00' },
    });
    expect([answer.status, answer.body.code]).toEqual([503, 'payments_unavailable']);
    expect(await bare.prisma.topUp.count()).toBe(0);
    await bare.close();
  });
});

describe('automatic top-up', () => {
  const change = (json: object) => api.call('POST', '/v1/billing/automatic-top-up', { key, json });

  test('is off until a line and an amount are set', async () => {
    const read = () => api.call('GET', '/v1/billing/automatic-top-up', { key });
    expect((await read()).body).toEqual({ enabled: false, below: null, amount: null, currency: 'CZK' });
    expect((await change({ enabled: true })).body.errors).toMatchObject([{ pointer: '#/amount' }]);
    expect((await change({ below: '100.00' })).body.errors).toMatchObject([{ pointer: '#/amount' }]);
    expect((await change({ below: '0.00', amount: '500.00' })).body.errors).toMatchObject([
      { pointer: '#/below' },
    ]);
    expect((await change({ below: '100.00', amount: '1.00' })).body.errors).toMatchObject([
      { pointer: '#/amount' },
    ]);
    const on = await change({ enabled: true, below: '100.00', amount: '500.00' });
    expect(on.body).toEqual({ enabled: true, below: '100.00', amount: '500.00', currency: 'CZK' });
    expect((await read()).body).toEqual(on.body);
    expect((await change({ enabled: false })).body).toMatchObject({ enabled: false, amount: '500.00' });
  });
});

describe('the pages that customers come back to', () => {
  test('say that the payment is being checked, and credit nothing', async () => {
    const page = await api.call('GET', '/billing/paid');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('being checked')]);
    expect((await api.call('GET', '/billing/canceled')).text).toContain('Nothing was paid');
    expect(await balance()).toBe('1000.00');
  });
});
