import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const preview = (key: string, json: unknown) => api.call('POST', '/v1/sms/preview', { key, json });
const to = '777 123 456';

test('says how the text travels, which characters made it dear, and what would be left', async () => {
  const { key } = await api.tenantWithKey({ balanceMicros: 10_000_000n });
  const { status, body } = await preview(key, { to, body: `Příliš ${'x'.repeat(70)} ř` });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    to: '+420777123456',
    country: 'CZ',
    category: 'transactional',
    mode: 'live',
    encoding: 'ucs2',
    segments: 2,
    units: 79,
    unitsPerSegment: 67,
    forcedUcs2: [
      { character: 'ř', count: 2 },
      { character: 'í', count: 1 },
      { character: 'š', count: 1 },
    ],
    unitPrice: { amount: '1.50', currency: 'CZK', per: 'segment' },
    price: { amount: '3.00', currency: 'CZK' },
    available: '10.00',
    availableAfter: '7.00',
    isCovered: true,
    transliterated: null,
  });
});

test('shows the GSM-7 form beside the original, and sending it so gives exactly that', async () => {
  const { key } = await api.tenantWithKey();
  const request = {
    to,
    body: `Objednávka č. 7 je připravena – přijďte. ${'x'.repeat(40)}`,
    transliterate: true,
  };
  const { body } = await preview(key, request);
  expect(body).toMatchObject({ encoding: 'ucs2', segments: 2, price: { amount: '3.00' } });
  expect(body.transliterated).toMatchObject({
    body: `Objednavka c. 7 je pripravena - prijdte. ${'x'.repeat(40)}`,
    encoding: 'gsm7',
    segments: 1,
    forcedUcs2: [],
    price: { amount: '1.50', currency: 'CZK' },
    availableAfter: '998.50',
  });
  const sent = await api.send(key, request);
  expect(sent.body).toMatchObject({ encoding: 'gsm7', segments: 1, price: { amount: '1.50' } });
  const stored = await api.call('GET', `/v1/sms/messages/${sent.body.id}`, { key });
  expect(stored.body.body).toBe(body.transliterated.body);
});

test('is never respelled unless it was asked for', async () => {
  const { key } = await api.tenantWithKey();
  const sent = await api.send(key, { to, body: 'Příliš' });
  expect((await api.call('GET', `/v1/sms/messages/${sent.body.id}`, { key })).body.body).toBe('Příliš');
});

test('of what cannot be paid says so, instead of being refused', async () => {
  const { key } = await api.tenantWithKey({ balanceMicros: 1_000_000n });
  expect(await preview(key, { to, body: 'Hello' })).toMatchObject({
    status: 200,
    body: { available: '1.00', availableAfter: '-0.50', isCovered: false },
  });
});

test('of a test key costs nothing', async () => {
  const { key } = await api.tenantWithKey({ balanceMicros: 0n, mode: 'test' });
  expect((await preview(key, { to, body: 'Hello' })).body).toMatchObject({
    mode: 'test',
    price: { amount: '1.50' },
    availableAfter: '0.00',
    isCovered: true,
  });
});

test('stores nothing, reserves nothing and wakes nobody', async () => {
  const { tenant, key } = await api.tenantWithKey();
  await preview(key, { to, body: 'Hello', transliterate: true });
  expect(await api.prisma.message.count({ where: { tenantId: tenant.id } })).toBe(0);
  expect(await api.prisma.creditReservation.count({ where: { tenantId: tenant.id } })).toBe(0);
  expect(await api.prisma.idempotencyKey.count({ where: { tenantId: tenant.id } })).toBe(0);
});

test.each([
  [{ to, body: 'x'.repeat(1_001) }, '#/body'],
  [{ to, body: '\u200b', transliterate: true }, '#/body'],
  [{ to, body: '…'.repeat(500), transliterate: true }, '#/body'],
  [{ to: '+420222111222', body: 'Hello' }, '#/to'],
  [{ to, body: 'Hello', sender: 'far too long a name' }, '#/sender'],
  [{ to, body: 'Hello', transliterate: 'yes' }, '#/transliterate'],
  [{ to, body: 'Hello', sendAt: '2026-03-10T18:00:00Z' }, '#/sendAt'],
])('%j is refused as sending it would be, with a pointer to %s', async (request, pointer) => {
  const { key } = await api.tenantWithKey();
  expect(await preview(key, request)).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', errors: [{ pointer }] },
  });
});

test('is refused where SMS is switched off', async () => {
  const { key } = await api.tenantWithKey({ smsSettings: { enabled: false } });
  expect(await preview(key, { to, body: 'Hello' })).toMatchObject({
    status: 403,
    body: { code: 'sms_disabled' },
  });
});
