import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { closePeriods } from '@tollgate/shared/queues/catalog.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, cronSecret, startApiFixture } from './api-fixture.ts';

let live: ApiFixture;
let sandbox: ApiFixture;
let closed: ApiFixture;

beforeAll(async () => {
  live = await startApiFixture();
  sandbox = await startApiFixture({ mode: 'sandbox' });
  closed = await startApiFixture({ cronSecret: undefined });
});
afterAll(() => Promise.all([live, sandbox, closed].map((api) => api.close())));

function post(
  api: ApiFixture,
  path: string,
  { secret = cronSecret, json }: { secret?: string; json?: unknown } = {},
) {
  return api.call('POST', `/v1/internal/jobs/${path}`, {
    headers: { authorization: `Bearer ${secret}` },
    ...(json === undefined ? {} : { json }),
  });
}

const lastJob = async (api: ApiFixture) => (await api.waiting(closePeriods)).at(-1);

describe('a billing job', () => {
  test.each([
    ['billing?type=daily', 'daily'],
    ['billing?type=weekly', 'weekly'],
    ['billing?type=monthly', 'monthly'],
    ['billing?type=all', 'manual'],
    ['billing', 'manual'],
    ['sms/invoices', 'manual'],
  ])('%s asks the invoicer to look now (%s)', async (path, trigger) => {
    const { status, body } = await post(live, path);
    expect(status).toBe(202);
    expect(body).toEqual({ enqueued: { queue: 'close-periods', trigger, tenantId: null, asOf: null } });
    expect(await lastJob(live)).toEqual({ trigger });
  });

  test.each(['billing', 'sms/invoices'])('%s may be for one tenant, named in query or body', async (path) => {
    const { tenant } = await live.tenantWithKey();
    const tenantId = toPublicId('tnt', tenant.id);
    for (const answer of [
      await post(live, `${path}?tenantId=${tenantId}`),
      await post(live, path, { json: { tenantId } }),
    ]) {
      expect(answer).toMatchObject({ status: 202, body: { enqueued: { tenantId } } });
      expect(await lastJob(live)).toEqual({ trigger: 'manual', tenantId: tenant.id });
    }
  });

  test('as of another instant is for sandboxes', async () => {
    const json = { asOf: '2026-04-01T02:00:00+02:00' };
    expect(await post(sandbox, 'billing?type=monthly', { json })).toMatchObject({
      status: 202,
      body: { enqueued: { asOf: '2026-04-01T00:00:00.000Z' } },
    });
    expect(await lastJob(sandbox)).toEqual({ trigger: 'monthly', asOf: '2026-04-01T00:00:00.000Z' });
    const before = await lastJob(live);
    expect(await post(live, 'billing', { json })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ parameter: 'asOf' }] },
    });
    expect(await lastJob(live)).toEqual(before);
  });

  test('for a tenant that does not exist is not found', async () => {
    const answer = await post(live, `billing?tenantId=${toPublicId('tnt', newId())}`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test.each([
    ['billing?type=yearly', undefined, 'type'],
    ['billing?typ=daily', undefined, 'typ'],
    ['billing?tenantId=msg_1', undefined, 'tenantId'],
    ['billing?type=daily', { type: 'daily' }, 'type'],
    ['sms/invoices?type=daily', undefined, 'type'],
  ])('%s with %j is refused and names %s', async (path, json, parameter) => {
    expect(await post(live, path, { json })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ parameter }] },
    });
  });

  test('whose body is no object is refused', async () => {
    expect(await post(live, 'billing', { json: [] })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});

describe('who may start jobs', () => {
  test.each(['billing', 'sms/invoices'])('%s is only for who knows the secret', async (path) => {
    const { key } = await live.tenantWithKey();
    const before = (await live.waiting(closePeriods)).length;
    for (const secret of ['', 'wrong', `${cronSecret}x`, cronSecret.slice(0, -1), key]) {
      const answer = await post(live, path, { secret });
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    }
    expect((await live.waiting(closePeriods)).length).toBe(before);
    expect(live.log.text()).not.toContain(cronSecret);
  });

  test.each(['billing', 'sms/invoices'])('without a configured secret nothing answers %s', async (path) => {
    expect(await post(closed, path)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await post(closed, path, { secret: 'undefined' })).toMatchObject({ status: 404 });
  });
});
