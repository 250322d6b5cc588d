import { fromPublicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let cookie: string;

beforeAll(async () => {
  api = await startApiFixture();
  cookie = await api.operatorCookie('operator');
});
afterAll(() => api.close());
beforeEach(() => {
  api.clock.advance(testNow.getTime() - api.clock.now().getTime());
});

const ask = (method: string, path: string, json?: unknown) =>
  api.call(method, `/v1/admin${path}`, { headers: { cookie }, ...(json !== undefined && { json }) });
const at = (ms: number) => new Date(testNow.getTime() + ms).toISOString();

const quote = async (key: string, to: string) => {
  const { body } = await api.call('POST', '/v1/sms/preview', { key, json: { to, body: 'Hello' } });
  return body.unitPrice?.amount ?? body.code;
};

describe('an SMS price', () => {
  test('of a country and a tenant goes before the general one, for that country and tenant only', async () => {
    const [one, two] = [await api.tenantWithKey(), await api.tenantWithKey()];
    const tenantId = toPublicId('tnt', one.tenant.id);
    const own = await ask('POST', '/prices', { currency: 'CZK', tenantId, unitPrice: '1.10' });
    expect(own).toMatchObject({
      status: 201,
      body: { tenantId, country: null, validFrom: at(0), validUntil: null },
    });
    const slovak = { currency: 'CZK', country: 'SK', tenantId, unitPrice: '2.20', per: 'message' };
    await ask('POST', '/prices', slovak);
    expect(await quote(one.key, '+420777123456')).toBe('1.10');
    expect(await quote(one.key, '+421903123456')).toBe('2.20');
    expect(await quote(two.key, '+420777123456')).toBe('1.50');
    const { body } = await api.call('GET', '/v1/billing/prices', { key: one.key });
    expect(body).toEqual({
      currency: 'CZK',
      countries: [{ country: 'SK', unitPrice: '2.20', per: 'message' }],
      everyOther: { unitPrice: '1.10', per: 'segment' },
    });
    expect((await api.call('GET', '/v1/billing/prices', { key: two.key })).body).toMatchObject({
      countries: [],
      everyOther: { unitPrice: '1.50' },
    });
  });

  test('that begins later takes the earlier one’s place then, and what was quoted stays', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const scope = { currency: 'CZK', tenantId: toPublicId('tnt', tenant.id) };
    const first = await ask('POST', '/prices', { ...scope, unitPrice: '1.10' });
    const second = await ask('POST', '/prices', { ...scope, unitPrice: '1.30', validFrom: at(DAY_MS) });
    expect(second.status).toBe(201);
    const accepted = await api.send(key, { to: '+420777123456', body: 'Hello' });
    const listed = await ask('GET', `/prices?tenantId=${scope.tenantId}`);
    expect(
      listed.body.prices.map(({ id, validUntil }: { id: string; validUntil: string }) => [id, validUntil]),
    ).toEqual([
      [second.body.id, null],
      [first.body.id, at(DAY_MS)],
    ]);
    api.clock.advance(DAY_MS);
    expect(await quote(key, '+420777123456')).toBe('1.30');
    const { body } = await api.call('GET', `/v1/sms/messages/${accepted.body.id}`, { key });
    expect(body.price).toEqual({ amount: '1.10', currency: 'CZK' });
  });

  test('with an end holds for its time, and the one before goes on after it', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const scope = { currency: 'CZK', tenantId: toPublicId('tnt', tenant.id) };
    await ask('POST', '/prices', { ...scope, unitPrice: '1.10' });
    const sale = { ...scope, unitPrice: '0.90', validFrom: at(HOUR_MS), validUntil: at(2 * HOUR_MS) };
    expect((await ask('POST', '/prices', sale)).status).toBe(201);
    const quotes: string[] = [];
    for (let hour = 0; hour < 3; hour += 1) {
      quotes.push(await quote(key, '+420777123456'));
      api.clock.advance(HOUR_MS);
    }
    expect(quotes).toEqual(['1.10', '0.90', '1.10']);
  });

  test('that overlaps one that is still to begin is refused and names it', async () => {
    const { tenant } = await api.tenantWithKey();
    const scope = { currency: 'CZK', tenantId: toPublicId('tnt', tenant.id) };
    const later = await ask('POST', '/prices', { ...scope, unitPrice: '1.30', validFrom: at(DAY_MS) });
    expect(await ask('POST', '/prices', { ...scope, unitPrice: '1.10' })).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining(later.body.id) },
    });
    const untilThen = { ...scope, unitPrice: '1.10', validUntil: at(DAY_MS) };
    expect((await ask('POST', '/prices', untilThen)).status).toBe(201);
  });

  test('asked for ten times at once is added once', async () => {
    const { tenant } = await api.tenantWithKey();
    const price = { currency: 'CZK', tenantId: toPublicId('tnt', tenant.id), unitPrice: '1.10' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('POST', '/prices', price)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await api.prisma.smsPrice.count({ where: { tenantId: tenant.id } })).toBe(1);
  });

  test('is removed only before it begins; the one that it would have ended goes on', async () => {
    const { tenant } = await api.tenantWithKey();
    const scope = { currency: 'CZK', tenantId: toPublicId('tnt', tenant.id) };
    const first = await ask('POST', '/prices', { ...scope, unitPrice: '1.10' });
    const second = await ask('POST', '/prices', { ...scope, unitPrice: '1.30', validFrom: at(DAY_MS) });
    expect((await ask('DELETE', `/prices/${first.body.id}`)).status).toBe(409);
    expect((await ask('DELETE', `/prices/${second.body.id}`)).status).toBe(204);
    expect((await ask('DELETE', `/prices/${second.body.id}`)).status).toBe(404);
    const id = fromPublicId('prc', first.body.id) as string;
    expect(await api.prisma.smsPrice.findUnique({ where: { id } })).toMatchObject({ validUntil: null });
  });

  test.each([
    ['after the next price begins', 2],
    ['just as the next price begins', 1],
  ])('for a time that was to end %s is over then, though the next one is removed', async (_, hours) => {
    const { tenant, key } = await api.tenantWithKey();
    const scope = { currency: 'CZK', tenantId: toPublicId('tnt', tenant.id) };
    await ask('POST', '/prices', { ...scope, unitPrice: '1.40' });
    api.clock.advance(MINUTE_MS);
    const promotion = { ...scope, unitPrice: '0.10', validUntil: at(hours * HOUR_MS) };
    expect((await ask('POST', '/prices', promotion)).status).toBe(201);
    const next = await ask('POST', '/prices', { ...scope, unitPrice: '2.00', validFrom: at(HOUR_MS) });
    expect((await ask('DELETE', `/prices/${next.body.id}`)).status).toBe(204);
    const { body } = await ask('GET', `/prices?tenantId=${scope.tenantId}`);
    expect(body.prices).toMatchObject([
      { unitPrice: '0.10', validUntil: at(hours * HOUR_MS) },
      { unitPrice: '1.40', validUntil: null },
    ]);
    expect(await quote(key, '+420777123456')).toBe('0.10');
    api.clock.advance(hours * HOUR_MS - MINUTE_MS);
    expect(await quote(key, '+420777123456')).toBe('1.40');
  });

  test.each([
    [{ validFrom: at(-HOUR_MS) }, '#/validFrom'],
    [{ validUntil: at(0) }, '#/validUntil'],
    [{ unitPrice: '-1.00' }, '#/unitPrice'],
    [{ plan: 'golden' }, '#/plan'],
    [{ currency: 'ZZZ' }, '#/currency'],
    [{ country: 'ZZ' }, '#/country'],
  ])('with %j is refused, and the answer names %s', async (wish, pointer) => {
    const price = { currency: 'CHF', unitPrice: '0.10', country: 'AT', ...wish };
    expect(await ask('POST', '/prices', price)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });

  test('of a tenant in another currency than its own is refused', async () => {
    const { tenant } = await api.tenantWithKey();
    const price = { currency: 'EUR', tenantId: toPublicId('tnt', tenant.id), unitPrice: '0.05' };
    expect(await ask('POST', '/prices', price)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/currency' }] },
    });
  });
});

describe('a price of a meter', () => {
  test('for a time is over at its own end, though the next one, which would have ended it, is removed', async () => {
    const { tenant } = await api.tenantWithKey();
    const scope = { meter: 'call_made', currency: 'CZK', tenantId: toPublicId('tnt', tenant.id) };
    await ask('POST', '/meter-prices', { ...scope, unitPrice: '0.40' });
    api.clock.advance(MINUTE_MS);
    await ask('POST', '/meter-prices', { ...scope, unitPrice: '0.10', validUntil: at(2 * HOUR_MS) });
    const next = { ...scope, unitPrice: '0.50', validFrom: at(HOUR_MS) };
    const { body } = await ask('POST', '/meter-prices', next);
    expect((await ask('DELETE', `/meter-prices/${body.id}`)).status).toBe(204);
    const listed = await ask('GET', `/meter-prices?tenantId=${scope.tenantId}`);
    expect(listed.body.prices).toMatchObject([
      { unitPrice: '0.10', validUntil: at(2 * HOUR_MS) },
      { unitPrice: '0.40', validUntil: null },
    ]);
  });
});

describe('a plan', () => {
  test('is added with prices by month and year, which later ones replace', async () => {
    const plan = { id: 'team', name: 'Team', includesSms: true };
    expect((await ask('POST', '/plans', plan)).status).toBe(201);
    expect((await ask('POST', '/plans', plan)).status).toBe(409);
    const monthly = { currency: 'CZK', interval: 'monthly', amount: '490.00' };
    for (const price of [
      monthly,
      { ...monthly, interval: 'yearly', amount: '4900.00' },
      { ...monthly, amount: '590.00', validFrom: at(DAY_MS) },
    ]) {
      expect((await ask('POST', '/plans/team/prices', price)).status).toBe(201);
    }
    const { body } = await ask('GET', '/plans');
    const shown = body.plans.find(({ id }: { id: string }) => id === 'team');
    expect(shown.prices).toMatchObject([
      { interval: 'monthly', amount: '490.00', validUntil: at(DAY_MS) },
      { interval: 'monthly', amount: '590.00', validUntil: null },
      { interval: 'yearly', amount: '4900.00', validUntil: null },
    ]);
    expect((await ask('POST', '/plans/team/prices', monthly)).status).toBe(409);
    expect((await ask('POST', '/plans/golden/prices', monthly)).status).toBe(404);
  });
});
