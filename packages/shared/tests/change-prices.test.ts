import { afterAll, expect, test } from 'vitest';
import { addPlanPrice } from '../src/pricing/change-plan-prices.ts';
import { addPrice } from '../src/pricing/change-prices.ts';
import type { Db } from '../src/runtime/database.ts';
import { buildTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const { id: tenantId } = await buildTenant(prisma, { balanceMicros: 0n });
const always = { currency: 'CZK', validFrom: testNow, validUntil: null, createdBy: 'test' };

type Add = (db: Db) => Promise<{ kind: string }>;

const ofTenant: Add = (db) =>
  addPrice(db, {
    ...always,
    tenantId,
    country: null,
    planId: null,
    per: 'segment',
    unitPriceMicros: 1_000_000n,
  });
const ofPlan: Add = (db) =>
  addPlanPrice(db, { ...always, planId: 'pro', currency: 'SEK', interval: 'monthly', amountMicros: 1n });

test.each([
  ['an SMS price', ofTenant],
  ['a plan’s price', ofPlan],
])(
  '%s that is being added is seen by another that comes meanwhile: only one of them begins',
  async (_, add) => {
    const { second } = await prisma.$transaction(async (db) => {
      expect((await add(db)).kind).toBe('added');
      const meanwhile = prisma.$transaction(add);
      await until('the other one waits', async () => {
        const [row] = await prisma.$queryRaw<[{ count: bigint }]>`
        SELECT count(*) AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
        return row.count === 1n;
      });
      return { second: meanwhile };
    });
    expect((await second).kind).toBe('overlaps');
  },
);
