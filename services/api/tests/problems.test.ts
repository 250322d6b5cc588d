import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemKinds } from '../src/problems/problem.ts';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture({ rateLimit: { requests: 5, seconds: 600 } });
});
afterAll(() => api.close());

const hello = { to: '+420777123456', body: 'Hello' };

describe('the rate limit', () => {
  test('is told on every answer, refusals included, and counts each key for itself', async () => {
    const { key } = await api.tenantWithKey({ scopes: ['billing:read'] });
    const other = await api.tenantWithKey();
    const balance = () => api.call('GET', '/v1/billing/balance', { key });
    const first = await balance();
    expect(first.headers.get('ratelimit-policy')).toMatch(/^"api-key"; q=5; w=600/);
    expect(first.headers.get('ratelimit')).toMatch(/^"api-key"; r=4; t=\d+$/);
    const forbidden = await api.send(key, hello);
    expect([forbidden.status, forbidden.headers.get('ratelimit')?.slice(0, 14)]).toEqual([
      403,
      '"api-key"; r=3',
    ]);
    await Promise.all([balance(), balance(), balance()]);
    const refused = await balance();
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(500);
    expect((await api.call('GET', '/v1/billing/balance', { key: other.key })).status).toBe(200);
  });

  test('is not for keys that do not exist', async () => {
    for (let round = 0; round < 7; round += 1) {
      const answer = await api.call('GET', '/v1/billing/balance', { key: `tg_live_${'A'.repeat(32)}` });
      expect([answer.status, answer.headers.get('ratelimit')]).toEqual([401, null]);
    }
  });
});

describe('a problem', () => {
  test('leads to an anchor that says what it means', async () => {
    const { body } = await api.call('GET', '/v1/nothing');
    expect(body.type).toBe('/docs/problems#not_found');
    const page = await api.call('GET', '/docs/problems');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const code of Object.keys(problemKinds)) expect(page.text).toContain(`<h2 id="${code}">`);
  });

  test.each([
    ['DELETE', '/v1/sms/send', 'POST'],
    ['PUT', '/v1/sms/messages/msg_1', 'GET, HEAD'],
    ['DELETE', '/v1/sms/messages/msg_1/cancel', 'POST'],
    ['POST', '/v1/sms/messages/export', 'GET, HEAD'],
    ['POST', '/V1/sms/batches/', 'GET, HEAD'],
    ['PATCH', '/openapi.json', 'GET, HEAD'],
    ['DELETE', '/admin/login', 'GET, HEAD, POST'],
  ])('%s %s is 405 and names %s', async (method, path, allowed) => {
    const answer = await api.call(method, path);
    expect([answer.status, answer.body.code, answer.headers.get('allow')]).toEqual([
      405,
      'method_not_allowed',
      allowed,
    ]);
  });

  test.each([['/v1'], ['/v1/sms'], ['/v1/sms/messages/msg_1/cancel/x'], ['/v1/sms/sendx'], ['/v1/smsXsend']])(
    'an unknown address is 404 with any method: %s',
    async (path) => {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await api.call(method, path);
        expect([answer.status, answer.headers.get('allow')]).toEqual([404, null]);
      }
    },
  );

  test.each([
    ['/v1/sms/send', 'application/x-www-form-urlencoded'],
    ['/v1/sms/send', 'text/plain'],
    ['/v1/sms/preview', 'application/xml'],
    ['/v1/sms/batch', 'application/x-www-form-urlencoded'],
  ])('of a body at %s that is %s is 415', async (path, type) => {
    const { key } = await api.tenantWithKey();
    const answer = await api.call('POST', path, { key, json: 'to=1', headers: { 'content-type': type } });
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
  });

  test('names a hundred fields and counts the rest', async () => {
    const { key } = await api.tenantWithKey();
    const request = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`field${index}`, 1]));
    const { status, body } = await api.send(key, { ...hello, ...request });
    expect([status, body.errors.length, body.errorsOmitted]).toEqual([400, 100, 150]);
    expect(body.detail).toMatch(/; and 150 more$/);
  });
});
