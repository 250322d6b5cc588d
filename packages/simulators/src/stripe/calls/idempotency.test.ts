import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningStripe, runStripe } from '../../testing/run-stripe.ts';

let running: RunningStripe;
beforeEach(async () => {
  running = await runStripe();
});
afterEach(() => running.simulator.close());

const create = (name: string, key: string) =>
  running.stripe.customers.create({ name }, { idempotencyKey: key });
const names = () => running.simulator.objects.customers().map(({ name }) => name);

describe('an idempotency key', () => {
  it('makes a repeated call one, and says so', async () => {
    const first = await create('one', 'key');
    const second = await create('one', 'key');
    expect(second.id).toBe(first.id);
    expect(first.lastResponse.headers).not.toHaveProperty('idempotent-replayed');
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(second.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId);
    expect(names()).toEqual(['one']);
    expect(running.simulator.objects.events()[0]?.request).toEqual({
      id: first.lastResponse.requestId,
      idempotency_key: 'key',
    });
  });

  it('used with other parameters or for another address is refused', async () => {
    await create('one', 'key');
    const refused = { type: 'StripeIdempotencyError', statusCode: 400, rawType: 'idempotency_error' };
    await expect(create('two', 'key')).rejects.toMatchObject(refused);
    const other = running.stripe.products.create({ name: 'one' }, { idempotencyKey: 'key' });
    await expect(other).rejects.toMatchObject(refused);
    expect(names()).toEqual(['one']);
  });

  it('is forgotten after 24 hours', async () => {
    await create('one', 'key');
    running.setTime('2026-09-02T09:59:59Z');
    await create('one', 'key');
    expect(names()).toEqual(['one']);
    running.setTime('2026-09-02T10:00:00Z');
    await create('one', 'key');
    expect(names()).toEqual(['one', 'one']);
  });

  it('keeps a refusal that came from carrying the call out', async () => {
    const item = { customer: 'cus_1', amount: 100, currency: 'czk' };
    const send = () => running.stripe.invoiceItems.create(item, { idempotencyKey: 'key' });
    await expect(send()).rejects.toMatchObject({ code: 'resource_missing' });
    await expect(send()).rejects.toMatchObject({
      code: 'resource_missing',
      headers: { 'idempotent-replayed': 'true' },
    });
  });

  it('keeps no refusal of the parameters', async () => {
    const refused = running.stripe.invoices.create({ customer: '' }, { idempotencyKey: 'key' });
    await expect(refused).rejects.toMatchObject({ code: 'parameter_invalid_empty' });
    await create('one', 'key');
    expect(names()).toEqual(['one']);
  });

  it('in use by a call that is still running is refused', async () => {
    const client = new AbortController();
    running.simulator.faults.set({ nextWrites: [{ kind: 'hang', afterWriting: false }] });
    const used = running.next('stripe fault used');
    const hanging = running.raw('/v1/customers', {
      method: 'POST',
      body: 'name=one',
      signal: client.signal,
      headers: {
        authorization: 'Bearer sk_test_simulated',
        'content-type': 'application/x-www-form-urlencoded',
        'idempotency-key': 'key',
      },
    });
    await used;
    await expect(create('one', 'key')).rejects.toMatchObject({
      type: 'StripeAPIError',
      statusCode: 409,
      code: 'idempotency_key_in_use',
    });
    client.abort();
    await expect(hanging).rejects.toThrow();
    expect(names()).toEqual([]);
  });

  it('longer than 255 characters is refused', async () => {
    await expect(create('one', 'k'.repeat(256))).rejects.toMatchObject({ statusCode: 400 });
  });
});
