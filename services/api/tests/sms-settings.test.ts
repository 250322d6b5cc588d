import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { buildMessage } from '@tollgate/shared/testing/build-message.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { chargeMessages } from './charge-messages.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const read = (key: string) => api.call('GET', '/v1/sms/settings', { key });
const change = (key: string, json: unknown) => api.call('POST', '/v1/sms/settings', { key, json });
const newTenant = (overrides: Parameters<ApiFixture['tenantWithKey']>[0] = {}) =>
  api.tenantWithKey({ smsSettings: { enabled: false }, ...overrides });

test('a new tenant sends nothing until it switches SMS on, and has no limits', async () => {
  const { key } = await newTenant();
  expect((await read(key)).body).toEqual({
    enabled: false,
    plan: { id: 'pro', includesSms: true },
    sender: null,
    allowedCountries: null,
    ratePerSecond: null,
    chargeOn: 'sent',
    onInsufficientCredit: 'reject',
    quietHours: null,
    limitUnit: 'segments',
    onLimitReached: 'reject',
    minuteLimit: null,
    dailyLimit: null,
    monthlyLimit: null,
    recipientDailyLimit: null,
    countryDailyLimits: null,
    thisMonth: {
      month: '2026-03',
      messages: 0,
      segments: 0,
      cost: '0.00',
      currency: 'CZK',
      counted: 0,
      left: null,
    },
  });
  expect((await api.send(key, { to: '+420777123456', body: 'Hello' })).body.code).toBe('sms_disabled');
  expect((await change(key, { enabled: true })).body.enabled).toBe(true);
  expect((await api.send(key, { to: '+420777123456', body: 'Hello' })).status).toBe(202);
});

test('what is not given stays, and null takes a setting away', async () => {
  const { key } = await newTenant();
  const first = {
    sender: 'Bookshop',
    allowedCountries: ['CZ', 'SK'],
    ratePerSecond: 20,
    quietHours: { from: '20:00', until: '08:00' },
    monthlyLimit: 1000,
    countryDailyLimits: { CZ: 50, '*': 5 },
    onLimitReached: 'hold',
    chargeOn: 'delivered',
  };
  expect((await change(key, first)).body).toMatchObject(first);
  const { status, body } = await change(key, { quietHours: null, allowedCountries: null, monthlyLimit: 900 });
  expect(status).toBe(200);
  expect(body).toMatchObject({ ...first, quietHours: null, allowedCountries: null, monthlyLimit: 900 });
  expect((await read(key)).body).toEqual(body);
});

test('every change is kept with who made it; a request that changes nothing is none', async () => {
  const { tenant, key } = await newTenant();
  await change(key, { enabled: true });
  await change(key, {});
  await change(key, { monthlyLimit: 5 });
  const changes = await api.prisma.smsSettingsChange.findMany({
    where: { tenantId: tenant.id },
    orderBy: { id: 'asc' },
  });
  expect(changes.map(({ change: given }) => given)).toEqual([{ enabled: true }, { monthlyLimit: 5 }]);
  expect(changes[0]?.changedBy).toMatch(/^key_[0-9a-f]{32}$/);
});

describe('refused, with the field named, and without changing anything,', () => {
  test.each([
    ['an unknown field', { monthlyLimits: 5 }, '#/monthlyLimits'],
    ['a limit of nothing', { dailyLimit: 0 }, '#/dailyLimit'],
    ['money where segments are counted', { dailyLimit: '5.00' }, '#/dailyLimit'],
    ['segments where money is counted', { limitUnit: 'money', monthlyLimit: 5 }, '#/monthlyLimit'],
    ['half a segment', { minuteLimit: 0.5 }, '#/minuteLimit'],
    ['a country that does not exist', { allowedCountries: ['XX'] }, '#/allowedCountries/0'],
    ['a limit of no country', { countryDailyLimits: { cz: 5 } }, '#/countryDailyLimits/cz'],
    ['an hour that does not exist', { quietHours: { from: '24:00', until: '08:00' } }, '#/quietHours/from'],
    ['a night of thirteen hours', { quietHours: { from: '20:00', until: '09:00' } }, '#/quietHours'],
    ['a sender that nobody can show', { sender: 'The shop at the corner' }, '#/sender'],
    ['a rate of nothing', { ratePerSecond: 0 }, '#/ratePerSecond'],
  ])('is %s', async (_name, json, pointer) => {
    const { tenant, key } = await newTenant();
    const { status, body } = await change(key, { ...json, enabled: true });
    expect(status).toBe(400);
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    expect((await read(key)).body.enabled).toBe(false);
    expect(await api.prisma.smsSettingsChange.count({ where: { tenantId: tenant.id } })).toBe(0);
  });

  test('is switching on a plan without SMS', async () => {
    const { key } = await newTenant({ planId: 'starter' });
    const { status, body } = await change(key, { enabled: true });
    expect([status, body.code, body.errors]).toEqual([
      403,
      'sms_disabled',
      [{ pointer: '#/enabled', detail: 'the plan starter does not include SMS' }],
    ]);
    expect((await change(key, { enabled: false, sender: 'Shop' })).status).toBe(200);
  });

  test('is another unit without the limits in it: 500 segments are not 500 CZK', async () => {
    const { key } = await newTenant();
    await change(key, { monthlyLimit: 500, countryDailyLimits: { '*': 5 } });
    const { body } = await change(key, { limitUnit: 'money' });
    expect(body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
      '#/monthlyLimit',
      '#/countryDailyLimits',
    ]);
    const both = { limitUnit: 'money', monthlyLimit: '500.00', countryDailyLimits: null };
    expect((await change(key, both)).body).toMatchObject(both);
  });
});

test('the answer says what this month has used and what is left', async () => {
  const { tenant, key } = await newTenant({ smsSettings: { enabled: true, monthLimit: 10n } });
  await chargeMessages(api.prisma, tenant, [
    { at: '2026-03-10T08:00:00Z', segments: 2, priceMicros: 3_000_000n },
  ]);
  await api.prisma.guardCounter.create({
    data: {
      tenantId: tenant.id,
      guard: 'month',
      subject: '',
      window: '2026-03',
      endsAt: new Date('2026-03-31T22:00:00Z'),
      segments: 3n,
      amountMicros: 4_500_000n,
    },
  });
  expect((await read(key)).body.thisMonth).toEqual({
    month: '2026-03',
    messages: 1,
    segments: 2,
    cost: '3.00',
    currency: 'CZK',
    counted: 3,
    left: 7,
  });
});

test('a change wakes what waited for the old settings, and switching off wakes all that is held', async () => {
  const { tenant, key } = await newTenant({ smsSettings: { enabled: true } });
  const expiresAt = new Date('2026-03-12T09:00:00Z');
  const hold = async (holdReason: string) => {
    const { id } = await buildMessage(api.prisma, tenant);
    const notBefore = holdReason === 'rate' ? expiresAt : undefined;
    await api.prisma.message.update({
      where: { id },
      data: { holdReason, wakeAt: expiresAt, ...(notBefore && { notBefore }) },
    });
    return id;
  };
  const waiting = {
    window: await hold('window'),
    guard: await hold('guard'),
    rate: await hold('rate'),
    credit: await hold('credit'),
  };
  const isDue = async (id: string) => {
    const { wakeAt, notBefore } = await api.prisma.message.findUniqueOrThrow({ where: { id } });
    return Number(wakeAt) <= api.clock.now().getTime() && notBefore <= api.clock.now();
  };
  await change(key, { quietHours: null });
  expect(await Promise.all(Object.values(waiting).map(isDue))).toEqual([true, true, true, false]);
  await change(key, { enabled: false });
  expect(await isDue(waiting.credit)).toBe(true);
});

test('a message to a country that the settings do not name is refused at once, alone and in a batch', async () => {
  const { key } = await newTenant({ smsSettings: { enabled: true, allowedCountries: ['CZ'] } });
  const single = await api.send(key, { to: '+4915112345678', body: 'Hallo' });
  expect([single.status, single.body.code, single.body.errors[0].pointer]).toEqual([
    403,
    'country_not_allowed',
    '#/to',
  ]);
  const recipients = [{ to: '+420777123456' }, { to: '+4915112345678' }];
  const json = { body: 'Hello', recipients, partial: true };
  const { body } = await api.call('POST', '/v1/sms/batch', { key, json });
  expect([body.accepted, body.refused]).toEqual([1, 1]);
});

test('an operator puts a tenant on another plan, which is kept; the tenant cannot send on one without SMS', async () => {
  const { tenant, key } = await newTenant({ smsSettings: { enabled: true } });
  const cookie = await api.operatorCookie('operator');
  const path = `/v1/admin/tenants/${toPublicId('tnt', tenant.id)}/plan`;
  const put = (plan: string, at = path) => api.call('POST', at, { headers: { cookie }, json: { plan } });
  expect((await put('starter')).body).toEqual({ plan: 'starter', includesSms: false });
  expect((await api.send(key, { to: '+420777123456', body: 'Hello' })).body.code).toBe('sms_disabled');
  expect((await put('gold')).body.errors[0].pointer).toBe('#/plan');
  expect((await put('pro', path.replace(/.{5}.plan$/, '00000/plan'))).status).toBe(404);
  expect((await put('pro')).body).toEqual({ plan: 'pro', includesSms: true });
  expect((await api.send(key, { to: '+420777123456', body: 'Hello' })).status).toBe(202);
  const changes = await api.prisma.smsSettingsChange.findMany({
    where: { tenantId: tenant.id },
    orderBy: { id: 'asc' },
  });
  expect(changes.map(({ change: given, changedBy }) => [given, changedBy])).toEqual([
    [{ plan: 'starter' }, 'operator@example.com'],
    [{ plan: 'pro' }, 'operator@example.com'],
  ]);
});
