import { randomBytes } from 'node:crypto';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { sendCampaigns, sendMessages } from '@tollgate/shared/queues/catalog.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiFixture, startApiFixture } from './api-fixture.ts';

let api: ApiFixture;

beforeAll(async () => {
  api = await startApiFixture();
});
afterAll(() => api.close());

const hello = { to: '+420777123456', body: 'Hello' };

/** Requests of somebody else, at the same moment. */
async function sendBeside<Result>(
  request: () => Promise<Result>,
): Promise<{ own: Result; others: number[] }> {
  const { key } = await api.tenantWithKey();
  const others = [1, 2, 3].map(() => api.send(key, hello));
  const own = await request();
  return { own, others: (await Promise.all(others)).map(({ status }) => status) };
}

const accepted = [202, 202, 202];

test('many requests of one tenant at once stay single messages: none of them waits in the lane of campaigns', async () => {
  const { key } = await api.tenantWithKey();
  await Promise.all(Array.from({ length: 50 }, () => api.send(key, hello)));
  expect(await api.connection.queue(sendCampaigns.name).count()).toBe(0);
  const jobs = await api.waiting(sendMessages);
  expect(jobs.flatMap(({ messageIds }) => messageIds)).toHaveLength(50);
});

describe('a request that shares its transaction with others leaves them alone', () => {
  test('when its key is being used by a batch of many recipients: it is told to come again', async () => {
    const { tenant, key } = await api.tenantWithKey();
    const { own, others } = await api.prisma.$transaction(async (db) => {
      await db.idempotencyKey.create({
        data: {
          tenantId: tenant.id,
          key: 'live of-a-batch',
          requestHash: Buffer.alloc(32),
          resourceId: newId(),
          response: {},
          createdAt: api.clock.now(),
        },
      });
      return sendBeside(() => api.send(key, hello, 'of-a-batch'));
    });
    expect(others).toEqual(accepted);
    expect(own).toMatchObject({ status: 409, body: { code: 'idempotency_in_progress' } });
    expect(own.headers.get('retry-after')).toBe('1');
  });

  test('when its tenant’s key does not open', async () => {
    const { tenant, key } = await api.tenantWithKey();
    await api.prisma.tenant.update({
      where: { id: tenant.id },
      data: { dataKeyWrapped: Uint8Array.from(randomBytes(61)) },
    });
    const { own, others } = await sendBeside(() => api.send(key, hello));
    expect(own.status).toBe(500);
    expect(others).toEqual(accepted);
  });

  test.each(['/v1/sms/send/', '/V1/SMS/Send'])(
    'when it is asked for at %s, again and again under one key',
    async (path) => {
      const { tenant, key } = await api.tenantWithKey();
      const other = await api.tenantWithKey();
      const headers = { 'idempotency-key': 'at-another-address' };
      const pairs = await Promise.all(
        Array.from({ length: 30 }, async () => {
          const own = api.call('POST', path, { key, json: hello, headers });
          const beside = await api.send(other.key, hello);
          return { own: (await own).status, beside: beside.status };
        }),
      );
      expect(new Set(pairs.map(({ beside }) => beside))).toEqual(new Set([202]));
      expect(new Set(pairs.map(({ own }) => own))).toEqual(new Set([202]));
      expect(await api.prisma.message.count({ where: { tenantId: tenant.id } })).toBe(1);
    },
  );
});
