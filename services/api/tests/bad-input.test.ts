import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';
import { sendBatch } from './batch-fixture.ts';

let api: ApiFixture;
let key: string;
let cookie: string;

beforeAll(async () => {
  api = await startApiFixture();
  [{ key }, cookie] = await Promise.all([api.tenantWithKey(), api.operatorCookie('operator')]);
});
afterAll(() => api.close());

/** Asks as a tenant, or as an operator where only operators may. */
const ask = (method: string, path: string, json?: unknown) =>
  api.call(method, path, path.startsWith('/v1/admin') ? { headers: { cookie }, json } : { key, json });

const to = '+420777123456';
const hello = { to, body: 'Hello' };

describe('an address that holds what no name can hold is answered as one of nothing', () => {
  const planPrice = { currency: 'CZK', interval: 'monthly', amount: '790.00' };
  test.each([
    ['GET', '/v1/billing/usage/%00'],
    ['DELETE', '/v1/sms/opt-outs/%00'],
    ['GET', '/v1/sms/messages/%00'],
    ['POST', '/v1/sms/batches/%00/cancel'],
    ['GET', '/v1/admin/tenants/%00'],
    ['DELETE', '/v1/admin/block-list/%00'],
    ['DELETE', '/v1/admin/numbers/%00'],
    ['POST', '/v1/admin/providers/%00/resume'],
    ['POST', '/v1/admin/plans/%00/prices', planPrice],
  ])('%s %s', async (method, path, json?: object) => {
    const { status, body } = await ask(method, path, json);
    expect([status, body.code]).toEqual([404, 'not_found']);
  });

  test('and one that cannot be decoded is refused', async () => {
    const { status, body } = await ask('GET', '/v1/billing/usage/%E0%A4%A');
    expect([status, body.code]).toEqual([400, 'invalid_request']);
  });
});

describe('a cursor that no list can have made is refused', () => {
  const cursorOf = (list: string, position: unknown) =>
    Buffer.from(JSON.stringify([list, position])).toString('base64url');
  const id = '019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e';
  const groupBy = 'day';

  test.each([
    ['/v1/sms/opt-outs', 'opt-outs', '\0'],
    ['/v1/sms/opt-outs', 'opt-outs', 'x'],
    ['/v1/admin/block-list', 'block-list', '\0'],
    ['/v1/admin/block-list', 'block-list', '+0'],
    ['/v1/billing/usage', 'usage', { groupBy, key: '\0', meter: 'sms_sent', currency: 'CZK' }],
    ['/v1/billing/usage', 'usage', { groupBy, key: '\ud800', meter: 'sms_sent', currency: 'CZK' }],
    ['/v1/billing/usage/events', 'usage-events', { occurredAt: '0000-01-01T00:00:00.000Z', id }],
    ['/v1/billing/usage/events', 'usage-events', { occurredAt: '2026-01-01T00:00:00.0000000Z', id }],
    ['/v1/sms/invoices', 'invoices', { at: '0000-01-01T00:00:00.000Z', id }],
    ['/v1/sms/inbound', 'inbound', { at: '2026-01-01T00:00:00.0000000Z', id }],
    ['/v1/billing/transactions', 'transactions', { before: '9223372036854775808' }],
    [
      '/v1/admin/dead-letters/groups',
      'dead-letter-groups',
      { lastSeen: '2026-01-01T00:00:00.000Z', fingerprint: '\0' },
    ],
  ])('%s: %s %j', async (path, list, position) => {
    const { status, body } = await ask('GET', `${path}?cursor=${cursorOf(list, position)}`);
    expect([status, body.errors?.[0].parameter]).toEqual([400, 'cursor']);
  });

  test('for the items of a batch, too, while the end of the largest batch is a place', async () => {
    const { body: batch } = await sendBatch(api, key, { body: 'Hello', recipients: [{ to }] });
    const statusAfter = async (after: number) =>
      (await ask('GET', `${batch.links.items}?cursor=${cursorOf('batch-items', { after })}`)).status;
    expect(await statusAfter(9_999)).toBe(200);
    expect(await statusAfter(2_147_483_648)).toBe(400);
    expect(await statusAfter(Number.MAX_SAFE_INTEGER)).toBe(400);
  });
});

/** Addresses that read bodies, of which some take larger ones and so read them apart from the others. */
const readers = ['/v1/sms/send', '/v1/sms/preview', '/v1/sms/batch', '/v1/sms/settings', '/v1/billing/usage'];

/** Sends bytes as they are, with and without a key under which the answer would be kept. */
async function sendBytes(path: string, bytes: Uint8Array<ArrayBuffer>, type = 'application/json') {
  const keys = [{}, { 'idempotency-key': `bytes-${path}-${bytes.length}` }];
  const answers = await Promise.all(
    keys.map(async (headers) => {
      const response = await fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': type, ...headers },
        body: bytes,
      });
      return { status: response.status, body: JSON.parse(await response.text()) };
    }),
  );
  const [first, keyed] = answers;
  expect(keyed?.status).toBe(first?.status);
  return { status: first?.status, body: first?.body };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe.each(readers)('a body at %s', (path) => {
  test.each([
    ['arrays', '['.repeat(60_000) + ']'.repeat(60_000)],
    ['objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
  ])('that is nested deeper than anything described is refused: %s', async (_, nested) => {
    const { status, body } = await sendBytes(path, bytesOf(`{"body":"Hello","recipients":[${nested}]}`));
    expect([status, body.detail]).toEqual([400, 'the body is nested more than 20 levels deep']);
  });

  test('that is not UTF-8 is refused, never read as other letters', async () => {
    const latin1 = new Uint8Array(Buffer.from(JSON.stringify({ ...hello, body: 'Schůze, café' }), 'latin1'));
    const { status, body } = await sendBytes(path, latin1);
    expect([status, body.detail]).toEqual([400, 'the body is not valid UTF-8']);
  });

  test('that says it is in another charset is 415', async () => {
    const utf16 = new Uint8Array(Buffer.from(JSON.stringify(hello), 'utf16le'));
    const { status, body } = await sendBytes(path, utf16, 'application/json; charset=utf-16le');
    expect([status, body.code]).toEqual([415, 'unsupported_media_type']);
  });

  test.each([
    ['as it is', '__proto__'],
    ['escaped', String.raw`\u005f_pr\u006Ft\u006f_\u005F`],
  ])('that has a field named __proto__ is refused by its name, %s', async (_, name) => {
    const text = `\ufeff{"metadata":{"a":"b","${name}":"z"},"recipients":[{"values":{"${name}":"z"}}]}`;
    const { status, body } = await sendBytes(path, bytesOf(text));
    const detail = 'is a name that no field can have';
    expect([status, body.errors]).toEqual([
      400,
      [
        { pointer: '#/metadata/__proto__', detail },
        { pointer: '#/recipients/0/values/__proto__', detail },
      ],
    ]);
  });
});

describe('a body that only looks like one of these is read', () => {
  test('text may hold brackets, escapes and __proto__', async () => {
    const odd = `${'[{'.repeat(30)} "__proto__": \\" \\u005f_proto__`;
    const { status, body } = await ask('POST', '/v1/sms/send', { ...hello, body: odd });
    expect(status).toBe(202);
    const message = await ask('GET', `/v1/sms/messages/${body.id}`);
    expect(message.body.body).toBe(odd);
  });

  test.each(['UTF-8', 'utf-8', '"utf-8"'])('a charset may be named: %s', async (charset) => {
    const headers = { 'content-type': `application/json; charset=${charset}` };
    expect((await api.call('POST', '/v1/sms/send', { key, headers, json: hello })).status).toBe(202);
  });

  test('a byte order mark may come first', async () => {
    const { status } = await sendBytes('/v1/sms/preview', bytesOf(`\ufeff${JSON.stringify(hello)}`));
    expect(status).toBe(200);
  });
});

test('limits by country stay as they are when others would be set by __proto__', async () => {
  const limits = { CZ: 5, '*': 1 };
  await ask('POST', '/v1/sms/settings', { limitUnit: 'segments', countryDailyLimits: limits });
  const json = '{"countryDailyLimits":{"__proto__":5}}';
  expect(await ask('POST', '/v1/sms/settings', json)).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '#/countryDailyLimits/__proto__' }] },
  });
  const { body } = await ask('GET', '/v1/sms/settings');
  expect(body.countryDailyLimits).toEqual(limits);
});

describe('what concerns a whole body points to all of it', () => {
  test.each(readers)('%s', async (path) => {
    const { status, body } = await ask('POST', path, []);
    expect([status, body.errors[0].pointer]).toEqual([400, '#']);
  });

  test('and what concerns a whole recipient or event, to all of that', async () => {
    const batch = await sendBatch(api, key, { body: 'Hello', recipients: ['x'] });
    expect(batch.body.items[0].problem.pointer).toBe('#/recipients/0');
    const usage = await ask('POST', '/v1/billing/usage', { events: ['x'] });
    expect(usage.body.events[0].problem.pointer).toBe('#/events/0');
  });

  test('while a field without a name has a pointer of its own', async () => {
    const { body } = await ask('POST', '/v1/sms/send', { ...hello, '': 1 });
    expect(body.errors).toEqual([{ pointer: '#/', detail: 'is not a known field' }]);
  });
});

test.each(['/v1/admin/prices', '/v1/admin/meter-prices'])(
  'an instant that no calendar has is refused at %s',
  async (path) => {
    const { status, body } = await ask('GET', `${path}?at=0000-01-01T00:00:00Z`);
    expect([status, body.errors?.[0]?.parameter]).toEqual([400, 'at']);
  },
);
