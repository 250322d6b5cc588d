import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, type RunningStripe, runStripe } from '../../testing/run-stripe.ts';

let running: RunningStripe;
beforeEach(async () => {
  running = await runStripe();
});
afterEach(() => running.simulator.close());

const form = (body: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers: {
    authorization: 'Bearer sk_test_simulated',
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  },
});

describe('a call', () => {
  it('needs the secret key', async () => {
    const stranger = clientOf(running.simulator.baseUrl, 'sk_test_another');
    await expect(stranger.customers.list()).rejects.toMatchObject({
      type: 'StripeAuthenticationError',
      statusCode: 401,
    });
    expect((await running.raw('/v1/customers', { headers: {} })).status).toBe(401);
    const basic = `Basic ${Buffer.from('sk_test_simulated:').toString('base64')}`;
    expect((await running.raw('/v1/customers', { headers: { authorization: basic } })).status).toBe(200);
  });

  it('is answered with an id of its own and the version', async () => {
    const { lastResponse } = await running.stripe.customers.create();
    expect(lastResponse.requestId).toMatch(/^req_/);
    expect(lastResponse.apiVersion).toBe('2026-10-28.endive');
  });

  it('to an unknown address, in another version or as JSON is refused', async () => {
    expect(await running.raw('/v1/coupons')).toMatchObject({
      status: 404,
      body: { error: { type: 'invalid_request_error' } },
    });
    const old = form('', { 'stripe-version': '2024-06-20' });
    expect((await running.raw('/v1/customers', old)).status).toBe(400);
    const json = form('{"name":"A"}', { 'content-type': 'application/json' });
    expect((await running.raw('/v1/customers', json)).status).toBe(400);
    expect(running.simulator.objects.customers()).toEqual([]);
  });

  it.each([
    ['nme=A', 'parameter_unknown', 'nme'],
    ['address[town]=A', 'parameter_unknown', 'address[town]'],
    ['balance=1.5', 'parameter_invalid_integer', 'balance'],
    ['preferred_locales=cs', undefined, 'preferred_locales'],
    ['tax_exempt=maybe', undefined, 'tax_exempt'],
    ['invoice_prefix=', 'parameter_invalid_empty', 'invoice_prefix'],
    ['tax_id_data[0][value]=1', 'parameter_missing', 'tax_id_data[0][type]'],
    ['tax[validate_location]=immediately', 'customer_tax_location_invalid', 'address'],
    ['cash_balance[settings][x]=1', 'not_simulated', 'cash_balance'],
  ])('with %s is refused', async (body, code, param) => {
    const answer = await running.raw('/v1/customers', form(body));
    expect(answer).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error', param } } });
    expect(answer.body.error.code).toBe(code);
    expect(running.simulator.objects.customers()).toEqual([]);
  });

  it('for an object that does not exist is refused', async () => {
    await expect(running.stripe.invoices.retrieve('in_1')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      param: 'id',
    });
    const item = { customer: 'cus_1', amount: 1, currency: 'czk' };
    await expect(running.stripe.invoiceItems.create(item)).rejects.toMatchObject({
      statusCode: 400,
      code: 'resource_missing',
      param: 'customer',
    });
  });

  it('is counted by endpoint and answer', async () => {
    await running.stripe.customers.create();
    await running.raw('/v1/customers', form('nme=A'));
    expect(running.simulator.requests()).toEqual({ 'POST /v1/customers': { 200: 1, 400: 1 } });
  });
});

describe('metadata', () => {
  it('is merged; an empty value deletes its key, an empty whole deletes all', async () => {
    const { customers } = running.stripe;
    const { id } = await customers.create({ metadata: { a: '1', b: 2 } });
    expect((await customers.update(id, { metadata: { a: '', c: '3' } })).metadata).toEqual({
      b: '2',
      c: '3',
    });
    expect((await customers.update(id, { metadata: '' })).metadata).toEqual({});
  });
});

describe('a list', () => {
  beforeEach(async () => {
    for (const name of ['one', 'two', 'three', 'four', 'five'])
      await running.stripe.customers.create({ name });
  });

  it('begins with the newest and is paged both ways', async () => {
    const { customers } = running.stripe;
    const first = await customers.list({ limit: 2 });
    expect(first).toMatchObject({ object: 'list', url: '/v1/customers', has_more: true });
    expect(first.data.map(({ name }) => name)).toEqual(['five', 'four']);
    const rest = await customers.list({ limit: 3, starting_after: first.data[1]?.id ?? '' });
    expect(rest.data.map(({ name }) => name)).toEqual(['three', 'two', 'one']);
    expect(rest.has_more).toBe(false);
    const back = await customers.list({ limit: 2, ending_before: rest.data[1]?.id ?? '' });
    expect(back.data.map(({ name }) => name)).toEqual(['four', 'three']);
    expect((await customers.list().autoPagingToArray({ limit: 10 })).length).toBe(5);
  });

  it('clamps a limit out of range', async () => {
    expect((await running.stripe.customers.list({ limit: 0 })).data).toHaveLength(1);
    expect((await running.stripe.customers.list({ limit: 1000 })).data).toHaveLength(5);
  });

  it('is filtered by the instant of creation', async () => {
    running.setTime('2026-09-02T10:00:00Z');
    await running.stripe.customers.create({ name: 'six' });
    const created = Date.parse('2026-09-02T10:00:00Z') / 1000;
    const later = await running.stripe.customers.list({ created: { gte: created } });
    expect(later.data.map(({ name }) => name)).toEqual(['six']);
    expect((await running.stripe.customers.list({ created: { lt: created } })).data).toHaveLength(5);
    expect((await running.stripe.customers.list({ created })).data).toHaveLength(1);
  });

  it('refuses an unknown cursor and two of them', async () => {
    const { customers } = running.stripe;
    await expect(customers.list({ starting_after: 'cus_1' })).rejects.toMatchObject({
      code: 'resource_missing',
    });
    await expect(customers.list({ starting_after: 'a', ending_before: 'b' })).rejects.toMatchObject({
      code: 'parameters_exclusive',
    });
  });
});

describe('expanding', () => {
  it('puts objects in the place of ids, in lists too', async () => {
    const { stripe } = running;
    const product = await stripe.products.create({ name: 'SMS' });
    const { id } = await stripe.prices.create({ product: product.id, currency: 'czk', unit_amount: 150 });
    const price = await stripe.prices.retrieve(id, { expand: ['product', 'currency_options'] });
    expect(price).toMatchObject({
      product: { name: 'SMS' },
      currency_options: { czk: { unit_amount: 150 } },
    });
    expect(await stripe.prices.retrieve(id)).not.toHaveProperty('currency_options');
    const { data } = await stripe.prices.list({ expand: ['data.product'] });
    expect(data[0]?.product).toMatchObject({ name: 'SMS' });
  });

  it('of what cannot be expanded is refused, and nothing is written', async () => {
    const refused = running.stripe.customers.create({ expand: ['moon'] });
    await expect(refused).rejects.toMatchObject({ statusCode: 400, param: 'expand' });
    expect(running.simulator.objects.customers()).toEqual([]);
  });
});
