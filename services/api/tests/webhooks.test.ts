import { createHmac } from 'node:crypto';
import { smsManagerCallbackUrl } from '@tollgate/shared/inbox/sms-manager-callback.ts';
import { applyDeliveryReports } from '@tollgate/shared/queues/catalog.ts';
import { testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, callbackSecret, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;
let path: string;

beforeAll(async () => {
  api = await startApiFixture();
  path = smsManagerCallbackUrl('', testMasterKey);
});
afterAll(() => api.close());

const sign = (body: string) => createHmac('sha256', callbackSecret).update(body).digest('hex');

function post(body: string, headers: Record<string, string> = {}, to = path) {
  return api.call('POST', to, { json: body, headers: { 'x-request-signature': sign(body), ...headers } });
}

describe('a webhook of SMS Manager', () => {
  test('is stored sealed, as it came, and handed to a job before it is answered', async () => {
    const body = '[{"to":{"phone_number":"420777123456"}}]';
    const answer = await post(
      body,
      { 'x-request-id': 'first' },
      `${path}?attempt=019a9f6e-0c1c-7e0c-8d3b-5f0a1b2c3d4e`,
    );
    expect(answer.status).toBe(200);
    const event = await api.prisma.inboxEvent.findFirstOrThrow({ where: { externalId: 'first' } });
    expect(event).toMatchObject({ source: 'sms-manager', appliedAt: null });
    expect(Buffer.from(event.bodyEncrypted).toString()).not.toContain('420777123456');
    const jobs = await api.connection.queue(applyDeliveryReports.name).getJobs(['waiting']);
    expect(jobs.some(({ data }) => data.inboxIds.includes(event.id))).toBe(true);
  });

  test('delivered again is stored once', async () => {
    for (let copy = 0; copy < 3; copy += 1) await post('[]', { 'x-request-id': 'again' });
    expect(await api.prisma.inboxEvent.count({ where: { externalId: 'again' } })).toBe(1);
  });

  test('that is no JSON is stored all the same: what it says is for the job to find out', async () => {
    expect((await post('<html>', { 'x-request-id': 'html' })).status).toBe(200);
    expect(await api.prisma.inboxEvent.count({ where: { externalId: 'html' } })).toBe(1);
  });

  test.each([
    ['without a signature', { 'x-request-signature': '' }],
    ['with the signature of another body', { 'x-request-signature': sign('other') }],
  ])('%s is refused and not stored', async (_, headers) => {
    const answer = await post('[]', { 'x-request-id': 'forged', ...headers });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(await api.prisma.inboxEvent.count({ where: { externalId: 'forged' } })).toBe(0);
  });

  test('to an address with another token is not found and not stored', async () => {
    const other = `${path.slice(0, -4)}AAAA`;
    expect((await post('[]', { 'x-request-id': 'guess' }, other)).status).toBe(404);
    expect(await api.prisma.inboxEvent.count({ where: { externalId: 'guess' } })).toBe(0);
  });
});
