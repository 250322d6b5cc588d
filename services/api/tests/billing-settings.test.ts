import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let operator: string;

beforeAll(async () => {
  api = await startApiFixture();
  operator = await api.operatorCookie('operator');
});
afterAll(() => api.close());

const get = (path: string) => api.call('GET', `/v1/admin${path}`, { headers: { cookie: operator } });
const post = (path: string, json: unknown) =>
  api.call('POST', `/v1/admin${path}`, { headers: { cookie: operator }, json });

async function tenantWithPath() {
  const { tenant, key } = await api.tenantWithKey();
  const publicId = toPublicId('tnt', tenant.id);
  return { tenant, key, publicId, path: `/tenants/${publicId}` };
}

describe('how a tenant is billed', () => {
  test('is changed from the next period on, field by field, and read by the tenant', async () => {
    const { key, path } = await tenantWithPath();
    const change = {
      cadence: 'weekly',
      collection: 'bank_transfer',
      approval: 'manual',
      email: 'b@shop.example',
    };
    const answer = await post(`${path}/billing-settings`, change);
    expect(answer).toMatchObject({
      status: 200,
      body: { ...change, paymentDays: 14, takesEffect: '2026-03-31T22:00:00.000Z' },
    });
    const again = await post(`${path}/billing-settings`, { unpaidPolicy: 'block', unpaidAmount: '500.00' });
    expect(again.body).toEqual({ ...answer.body, unpaidPolicy: 'block', unpaidAmount: '500.00' });
    expect((await api.call('GET', '/v1/billing/settings', { key })).body).toEqual(again.body);
  });

  test.each<[string, object, string]>([
    ['a transfer a day', { collection: 'bank_transfer', cadence: 'daily' }, '#/cadence'],
    ['a threshold without a line', { collection: 'bank_transfer', cadence: 'threshold' }, '#/threshold'],
    ['an item without a subscription', { collection: 'subscription_item' }, '#/collection'],
    ['a negative threshold', { threshold: '-1.00' }, '#/threshold'],
    [
      'a payer that is not there',
      { payer: toPublicId('tnt', '019a0000-0000-7000-8000-00000000ffff') },
      '#/payer',
    ],
    ['a kind of mail that is unknown', { mutedKinds: ['gossip'] }, '#/mutedKinds/0'],
    ['a field that is unknown', { cadance: 'daily' }, '#/cadance'],
  ])('%s is refused, the field named, and nothing changed', async (_, change, pointer) => {
    const { path } = await tenantWithPath();
    const before = (await get(`${path}/billing-settings`)).body;
    expect(await post(`${path}/billing-settings`, change)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ pointer }] },
    });
    expect((await get(`${path}/billing-settings`)).body).toEqual(before);
  });

  test('that Stripe bills by a meter already is refused, here and in the prices of meters, until that ends', async () => {
    const { tenant, path } = await tenantWithPath();
    const id = `sub_${tenant.id}`;
    const read = { customerId: `cus_${tenant.id}`, currency: 'CZK', readAt: api.clock.now() };
    const meters = ['sms_sent', 'call_made'];
    await api.prisma.stripeSubscription.create({
      data: { id, tenantId: tenant.id, status: 'active', meters, ...read },
    });
    const transfer = () => post(`${path}/billing-settings`, { collection: 'bank_transfer' });
    expect(await transfer()).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/collection' }] } });
    const price = () => post('/meter-prices', { meter: 'call_made', currency: 'CZK', unitPrice: '0.40' });
    expect(await price()).toMatchObject({ status: 400, body: { errors: [{ pointer: '#/meter' }] } });
    await api.prisma.stripeSubscription.update({ where: { id }, data: { status: 'canceled' } });
    expect(await transfer()).toMatchObject({ status: 200 });
    expect(await price()).toMatchObject({ status: 201 });
  });

  test('a payer is another tenant of the same currency that nobody pays for', async () => {
    const [child, payer, third] = [await tenantWithPath(), await tenantWithPath(), await tenantWithPath()];
    const pay = (who: { path: string }, by: string) => post(`${who.path}/billing-settings`, { payer: by });
    expect(await pay(child, payer.publicId)).toMatchObject({ status: 200, body: { payer: payer.publicId } });
    expect(await pay(child, child.publicId)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/payer' }] },
    });
    expect(await pay(payer, third.publicId)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/payer' }] },
    });
    expect(await pay(third, child.publicId)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/payer' }] },
    });
  });
});

describe('who a tenant is on its documents', () => {
  const details = {
    legalName: 'Knihy s.r.o.',
    street: 'Dlouhá 1',
    city: 'Praha',
    postalCode: '110 00',
    country: 'CZ',
    registrationId: '12345678',
    vatId: 'CZ 25123891',
    locale: 'cs',
  };
  const write = (key: string, json: unknown) => api.call('POST', '/v1/billing/details', { key, json });

  test('is written by the tenant and read by operators', async () => {
    const { key, path } = await tenantWithPath();
    expect((await api.call('GET', '/v1/billing/details', { key })).body).toMatchObject({ legalName: null });
    const answer = await write(key, details);
    expect(answer).toMatchObject({
      status: 200,
      body: { ...details, vatId: 'CZ25123891', vatIdValid: null },
    });
    expect((await get(`${path}/billing-details`)).body).toEqual(answer.body);
  });

  test.each<[string, object, string]>([
    ['a VAT id whose digits do not fit', { vatId: 'CZ12345678' }, '#/vatId'],
    ['a country that does not exist', { country: 'XX' }, '#/country'],
    ['no name', { legalName: '' }, '#/legalName'],
  ])('%s is refused and the field named', async (_, change, pointer) => {
    const { key } = await tenantWithPath();
    expect(await write(key, { ...details, ...change })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  });

  test('a checked VAT id stays checked until it becomes another one', async () => {
    const { key, path } = await tenantWithPath();
    expect(await post(`${path}/vat-check`, { valid: true })).toMatchObject({ status: 409 });
    await write(key, details);
    expect(await post(`${path}/vat-check`, { valid: true })).toMatchObject({
      status: 200,
      body: { vatIdValid: true },
    });
    expect((await write(key, { ...details, city: 'Brno' })).body.vatIdValid).toBe(true);
    expect((await write(key, { ...details, vatId: 'DE136695976' })).body.vatIdValid).toBeNull();
  });

  test('needs a key that may write', async () => {
    const { key } = await api.tenantWithKey({ scopes: ['billing:read'] });
    expect(await write(key, details)).toMatchObject({ status: 403 });
  });
});

test('what new tenants begin with, and who issues, is set field by field', async () => {
  const first = await post('/billing/settings', {
    cadence: 'weekly',
    issuer: { legalName: 'Brána s.r.o.', iban: 'CZ65 0800 0000 1920 0014 5399' },
  });
  expect(first).toMatchObject({
    status: 200,
    body: {
      cadence: 'weekly',
      changedBy: 'operator@example.com',
      issuer: { legalName: 'Brána s.r.o.', iban: 'CZ6508000000192000145399', country: 'CZ' },
    },
  });
  const second = await post('/billing/settings', { issuer: { vatId: 'CZ25123891' } });
  expect(second.body.issuer).toEqual({ ...first.body.issuer, vatId: 'CZ25123891' });
  expect((await get('/billing/settings')).body).toEqual(second.body);
  expect(await post('/billing/settings', { issuer: { iban: 'CZ6508000000192000145398' } })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '#/issuer/iban' }] },
  });
});

describe('fees', () => {
  const fee = { kind: 'monthly', name: 'Dedicated number', amount: '150.00', startsOn: '2026-04-01' };

  test('are made, listed and ended', async () => {
    const { path } = await tenantWithPath();
    const made = await post(`${path}/fees`, fee);
    expect(made).toMatchObject({
      status: 201,
      body: { ...fee, currency: 'CZK', endsOn: null, createdBy: 'operator@example.com' },
    });
    const ended = await post(`/fees/${made.body.id}/end`, { endsOn: '2026-06-01' });
    expect(ended).toMatchObject({ status: 200, body: { endsOn: '2026-06-01' } });
    expect((await get(`${path}/fees`)).body).toEqual({ fees: [ended.body] });
    expect(await post(`/fees/${made.body.id}/end`, { endsOn: '2026-04-01' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/endsOn' }] },
    });
  });

  test('never begin in a period that is billed', async () => {
    const { path } = await tenantWithPath();
    expect(await post(`${path}/fees`, { ...fee, startsOn: '2026-03-09' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/startsOn' }] },
    });
  });
});

describe('VAT rates', () => {
  const ratesOf = async (country: string) =>
    (await get('/vat-rates')).body.vatRates.filter((rate: { country: string }) => rate.country === country);

  test('a later one ends the one before it', async () => {
    const answer = await post('/vat-rates', { country: 'SK', rate: '25', validFrom: '2026-07-01' });
    expect(answer).toMatchObject({ status: 201, body: { country: 'SK', rate: '25', validUntil: null } });
    expect(await ratesOf('SK')).toMatchObject([
      { rate: '23', validFrom: '2026-01-01', validUntil: '2026-07-01' },
      { rate: '25', validFrom: '2026-07-01', validUntil: null },
    ]);
  });

  test('never change for days that are over, nor beside one that is planned', async () => {
    expect(await post('/vat-rates', { country: 'AT', rate: '21', validFrom: '2026-03-10' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/validFrom' }] },
    });
    await post('/vat-rates', { country: 'AT', rate: '21', validFrom: '2026-09-01' });
    expect(await post('/vat-rates', { country: 'AT', rate: '22', validFrom: '2026-08-01' })).toMatchObject({
      status: 409,
    });
    expect(
      await post('/vat-rates', { country: 'AT', rate: '100.01', validFrom: '2027-01-01' }),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/rate' }] },
    });
  });
});
