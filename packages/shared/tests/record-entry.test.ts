import { afterAll, expect, test } from 'vitest';
import { type ManualEntry, recordEntry } from '../src/credit/record-entry.ts';
import { buildTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const { id: tenantId, currency } = await buildTenant(prisma, { balanceMicros: 0n });
const payment: ManualEntry = {
  kind: 'purchase',
  tenantId,
  currency,
  amountMicros: 5_000_000n,
  reference: 'VS 1',
  description: 'bank statement 12',
  createdBy: 'operator@example.com',
};

test('a payment that is being booked is found booked by another request for it that comes meanwhile', async () => {
  const book = () => prisma.$transaction((db) => recordEntry(db, payment, testNow));
  const { first, second } = await prisma.$transaction(async (db) => {
    const booked = await recordEntry(db, payment, testNow);
    const meanwhile = book().catch((error: unknown) => error);
    await until('the other one waits', async () => {
      const [row] = await prisma.$queryRaw<[{ count: bigint }]>`
        SELECT count(*) AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return row.count === 1n;
    });
    return { first: booked, second: { result: meanwhile } };
  });
  expect(first.kind).toBe('booked');
  expect(await second.result).toMatchObject({ kind: 'booked_before' });
  expect(await prisma.ledgerEntry.count({ where: { tenantId } })).toBe(1);
  expect(await prisma.account.findFirst({ where: { tenantId } })).toMatchObject({
    balanceMicros: 5_000_000n,
  });
});
