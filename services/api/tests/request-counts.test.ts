import { newId } from '@tollgate/shared/ids/ids.ts';
import { type Caller, createApiKey, findCallers } from '@tollgate/shared/tenants/api-keys.ts';
import { buildTenant, testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { manualClock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { createRequestCounter } from '../src/usage/requests/count-requests.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

async function caller(mode: 'live' | 'test' = 'live'): Promise<Caller> {
  const { id: tenantId } = await buildTenant(prisma);
  const scopes = ['sms:send'] as const;
  const key = await createApiKey(prisma, {
    id: newId(),
    tenantId,
    name: 'x',
    mode,
    scopes,
    createdAt: testNow,
  });
  const [found] = await findCallers(prisma, [key], testNow);
  return found as Caller;
}

const counted = async ({ tenantId }: Caller) => {
  const rows = await prisma.usageEvent.findMany({ where: { tenantId }, orderBy: { occurredAt: 'asc' } });
  return rows.map(({ meter, quantity, amountMicros }) => [meter, quantity, amountMicros]);
};

describe('requests of API keys', () => {
  test('become one event of their tenant for each flush', async () => {
    const requests = createRequestCounter({ prisma, clock: manualClock(testNow) });
    const [one, other] = [await caller(), await caller()];
    for (const each of [one, other, one]) requests.count(each);
    await requests.flush();
    await requests.flush();
    requests.count(one);
    await requests.flush();
    expect(await counted(one)).toEqual([
      ['api_request', 2n, 0n],
      ['api_request', 1n, 0n],
    ]);
    expect(await counted(other)).toEqual([['api_request', 1n, 0n]]);
  });

  test('of test keys are not counted', async () => {
    const requests = createRequestCounter({ prisma, clock: manualClock(testNow) });
    const tester = await caller('test');
    requests.count(tester);
    await requests.flush();
    expect(await counted(tester)).toEqual([]);
  });

  test('cost what a price of the meter says', async () => {
    const requests = createRequestCounter({ prisma, clock: manualClock(testNow) });
    const one = await caller();
    await prisma.meterPrice.create({
      data: {
        id: newId(),
        meter: 'api_request',
        currency: 'CZK',
        tenantId: one.tenantId,
        unitPriceMicros: 100n,
        validFrom: testNow,
        createdBy: 'test',
      },
    });
    for (let request = 0; request < 3; request += 1) requests.count(one);
    await requests.flush();
    expect(await counted(one)).toEqual([['api_request', 3n, 300n]]);
  });

  test('of two local days are two events, whatever the zone', async () => {
    const clock = manualClock('2026-03-10T22:59:59Z');
    const requests = createRequestCounter({ prisma, clock });
    const one = await caller();
    requests.count(one);
    clock.advance(MINUTE_MS);
    requests.count(one);
    await requests.flush();
    expect(await counted(one)).toHaveLength(2);
  });

  test('whose write was done but never confirmed are counted once', async () => {
    const one = await caller();
    let isLost = true;
    const lossy = new Proxy(prisma, {
      get(target, name) {
        if (name !== '$queryRaw') return Reflect.get(target, name);
        return async (...query: Parameters<typeof prisma.$queryRaw>) => {
          const result = await target.$queryRaw(...query);
          if (!isLost) return result;
          isLost = false;
          throw new Error('the connection was lost');
        };
      },
    });
    const requests = createRequestCounter({ prisma: lossy, clock: manualClock(testNow) });
    requests.count(one);
    await expect(requests.flush()).rejects.toThrow('lost');
    requests.count(one);
    await requests.flush();
    await requests.flush();
    expect(await counted(one)).toEqual([
      ['api_request', 1n, 0n],
      ['api_request', 1n, 0n],
    ]);
  });
});
