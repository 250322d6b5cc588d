import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { openShop, type RunningStripe, runStripe, type Shop } from '../../testing/run-stripe.ts';

let running: RunningStripe;
let shop: Shop;
beforeEach(async () => {
  running = await runStripe();
  shop = await openShop(running.stripe);
});
afterEach(() => running.simulator.close());

const create = (key = 'key') =>
  running.stripe.invoiceItems.create(
    { customer: shop.customer.id, amount: 2_000, currency: 'czk' },
    { idempotencyKey: key },
  );
const count = () => running.simulator.objects.invoiceItems().length;

describe('a fault of the next write', () => {
  it.each([401, 403, 409, 429] as const)(
    'answers %i, writes nothing and leaves the key free',
    async (status) => {
      running.simulator.faults.set({ nextWrites: [{ kind: 'status', status }] });
      await expect(create()).rejects.toMatchObject({ statusCode: status });
      expect(count()).toBe(0);
      await create();
      expect(count()).toBe(1);
    },
  );

  it.each([400, 402, 404, 500] as const)('answers %i, which stays under the key', async (status) => {
    running.simulator.faults.set({ nextWrites: [{ kind: 'status', status, code: 'as_told' }] });
    await expect(create()).rejects.toMatchObject({ statusCode: status, code: 'as_told' });
    await expect(create()).rejects.toMatchObject({
      statusCode: status,
      headers: { 'idempotent-replayed': 'true' },
    });
    expect(count()).toBe(0);
  });

  it('answers 500 after writing, so that only a look-up finds what was written', async () => {
    running.simulator.faults.set({ nextWrites: [{ kind: 'status', status: 500, afterWriting: true }] });
    await expect(create()).rejects.toMatchObject({ statusCode: 500 });
    await expect(create()).rejects.toMatchObject({ statusCode: 500 });
    const { data } = await running.stripe.invoiceItems.list({ customer: shop.customer.id, pending: true });
    expect(data).toHaveLength(1);
  });

  it('answers with a lock timeout that stays under the key', async () => {
    running.simulator.faults.set({ nextWrites: [{ kind: 'lockTimeout' }] });
    const refused = { type: 'StripeRateLimitError', statusCode: 429, code: 'lock_timeout' };
    await expect(create()).rejects.toMatchObject(refused);
    await expect(create()).rejects.toMatchObject({ ...refused, headers: { 'idempotent-replayed': 'true' } });
    await create('another key');
    expect(count()).toBe(1);
  });

  it('names its cause when it is the rate limiter, and tells the SDK whether to try again', async () => {
    running.simulator.faults.set({ nextWrites: [{ kind: 'status', status: 429, shouldRetry: false }] });
    await expect(create()).rejects.toMatchObject({
      headers: { 'stripe-rate-limited-reason': 'global-rate', 'stripe-should-retry': 'false' },
    });
  });

  it('cuts the connection after writing; the same key finds what was written', async () => {
    running.simulator.faults.set({ nextWrites: [{ kind: 'cut', afterWriting: true }] });
    const item = await create();
    expect(item.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(count()).toBe(1);
  });

  it('cuts the connection before writing; the same key writes once', async () => {
    const cut = { kind: 'cut', afterWriting: false } as const;
    running.simulator.faults.set({ nextWrites: [cut, cut] });
    await expect(create()).rejects.toMatchObject({ type: 'StripeConnectionError' });
    expect(count()).toBe(0);
    await create();
    expect(count()).toBe(1);
  });

  it.each([true, false])('hangs until the client goes (after writing: %s)', async (afterWriting) => {
    running.simulator.faults.set({ nextWrites: [{ kind: 'hang', afterWriting }] });
    const item = { customer: shop.customer.id, amount: 1, currency: 'czk' };
    const hanging = running.stripe.invoiceItems.create(item, { timeout: 50 });
    await expect(hanging).rejects.toMatchObject({ type: 'StripeConnectionError' });
    expect(count()).toBe(afterWriting ? 1 : 0);
    expect(running.simulator.requests()['POST /v1/invoiceitems']).toEqual({ hang: 1 });
  });

  it('hits only the paths it names, and only calls that are valid', async () => {
    running.simulator.faults.set({
      nextWrites: [{ kind: 'status', status: 500, path: '/v1/invoiceitems' }],
    });
    await running.stripe.customers.create();
    const invalid = running.stripe.invoiceItems.create({ customer: shop.customer.id, quantity: -1 });
    await expect(invalid).rejects.toMatchObject({ statusCode: 400 });
    await expect(create()).rejects.toMatchObject({ statusCode: 500 });
    expect(running.simulator.faults.current().nextWrites).toEqual([]);
  });
});

describe('faults', () => {
  it('that last apply once those of the next writes are used up', async () => {
    running.simulator.faults.set({
      nextWrites: [{ kind: 'status', status: 400 }],
      always: { kind: 'status', status: 409 },
    });
    await expect(create()).rejects.toMatchObject({ statusCode: 400 });
    await expect(create('b')).rejects.toMatchObject({ statusCode: 409 });
    running.simulator.faults.change({ always: undefined });
    await create('c');
  });

  it('of reads leave writes alone', async () => {
    running.simulator.faults.set({ reads: { kind: 'status', status: 500 } });
    await expect(running.stripe.customers.list()).rejects.toMatchObject({ statusCode: 500 });
    await running.stripe.customers.create();
    running.simulator.faults.set({ reads: { kind: 'hang' } });
    await expect(running.stripe.customers.list({}, { timeout: 50 })).rejects.toMatchObject({
      type: 'StripeConnectionError',
    });
  });

  it('that do not exist are refused and change nothing', () => {
    running.simulator.faults.set({ declinePayments: 'insufficient_funds' });
    // @ts-expect-error: the types refuse it too.
    expect(() => running.simulator.faults.set({ writes: [] })).toThrow(ZodError);
    expect(running.simulator.faults.current().declinePayments).toBe('insufficient_funds');
  });
});
