import { randomUUID } from 'node:crypto';
import { closePeriods } from '@tollgate/shared/queues/catalog.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import type { QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { buildTenant, type TenantOverrides, testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { createTestDatabase, type TestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { openTestQueue } from '@tollgate/shared/testing/test-queues.ts';
import { fixedClock } from '@tollgate/shared/time/clock.ts';
import { recordUsage } from '@tollgate/shared/usage/record-usage.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rollUpUsage } from '../src/roll-up-usage/roll-up-usage.ts';
import { sweepThresholds, watchThreshold } from '../src/watch-thresholds/watch-thresholds.ts';

let database: TestDatabase;
let connection: QueueConnection;

beforeAll(async () => {
  database = await createTestDatabase();
  connection = await openTestQueue('postgres', database, { workersMax: 0 });
});
beforeEach(() => connection.queue(closePeriods.name).obliterate({ force: true }));
afterAll(async () => {
  await connection.close();
  await database.close();
});

const deps = () => ({
  prisma: database.prisma,
  producer: createProducer({ connection, logger: collectingLogger().logger }),
  clock: fixedClock(testNow),
});

type Line = { thresholdMicros?: bigint; thresholdSegments?: bigint };

/** A tenant whose open period ends at the line. */
async function tenantWithLine(line: Line, overrides: TenantOverrides = {}): Promise<string> {
  const { id } = await buildTenant(database.prisma, overrides);
  await database.prisma.billingPeriod.updateMany({
    where: { tenantId: id },
    data: { cadence: 'threshold', ...line },
  });
  await database.prisma.billingSettings.update({
    where: { tenantId: id },
    data: { email: 'owner@example.com' },
  });
  return id;
}

/** Sends segments at 1.50 each, and counts them as the aggregator does. */
async function use(tenantId: string, segments: bigint): Promise<void> {
  const unitPriceMicros = 1_500_000n;
  const event = { tenantId, meter: 'sms_sent', sourceId: randomUUID(), currency: 'CZK', country: 'CZ' };
  const priced = { quantity: segments, unitPriceMicros, amountMicros: segments * unitPriceMicros };
  await recordUsage(database.prisma, [{ ...event, ...priced, campaign: null, occurredAt: testNow }], testNow);
  await rollUpUsage(deps(), tenantId);
  await watchThreshold(deps(), tenantId);
}

async function toClose(): Promise<unknown[]> {
  const jobs = await connection.queue(closePeriods.name).getJobs(['waiting'], 0, -1, true);
  return jobs.map(({ data }) => data);
}
const mails = async (tenantId: string) => {
  const rows = await database.prisma.notification.findMany({
    where: { tenantId, kind: 'threshold' },
    orderBy: { id: 'asc' },
  });
  return rows.map(({ content }) => content);
};
const openLines = async (tenantId: string) => {
  const rows = await database.prisma.alertCrossing.findMany({ where: { tenantId, leftAt: null } });
  return rows.map(({ line }) => line).sort();
};
const bill = (tenantId: string) =>
  database.pool.query('UPDATE usage_rollups SET is_released = true WHERE tenant_id = $1', [tenantId]);

describe('a threshold', () => {
  test('asks for the period to be closed when usage has come to exactly the line, and not before', async () => {
    const tenantId = await tenantWithLine({ thresholdMicros: 15_000_000n });
    await use(tenantId, 9n);
    expect(await toClose()).toEqual([]);
    await use(tenantId, 1n);
    expect(await toClose()).toEqual([{ trigger: 'threshold', tenantId }]);
  });

  test('may be a number of segments, and asks once however often it is looked at', async () => {
    const tenantId = await tenantWithLine({ thresholdSegments: 10n });
    await use(tenantId, 10n);
    await use(tenantId, 1n);
    expect(await toClose()).toEqual([{ trigger: 'threshold', tenantId }]);
    expect(await mails(tenantId)).toMatchObject([
      { percent: 100, usage: '10', threshold: '10', currency: null },
    ]);
  });

  test('tells the tenant at 80 and at 100 per cent, once each', async () => {
    const tenantId = await tenantWithLine({ thresholdMicros: 15_000_000n });
    for (const segments of [7n, 1n, 1n, 1n, 1n]) await use(tenantId, segments);
    expect(await mails(tenantId)).toMatchObject([
      { percent: 80, usage: '12.00', threshold: '15.00', currency: 'CZK' },
      { percent: 100, usage: '15.00', threshold: '15.00', currency: 'CZK' },
    ]);
    expect(await openLines(tenantId)).toEqual(['100', '80']);
  });

  test('is left when the period was billed, and can be crossed again', async () => {
    const tenantId = await tenantWithLine({ thresholdMicros: 15_000_000n });
    await use(tenantId, 10n);
    await bill(tenantId);
    await use(tenantId, 1n);
    expect(await openLines(tenantId)).toEqual([]);
    await use(tenantId, 9n);
    expect(await mails(tenantId)).toHaveLength(2);
  });

  test('is nothing to a tenant whose periods end by the calendar', async () => {
    const { id } = await buildTenant(database.prisma);
    await use(id, 1_000n);
    expect(await toClose()).toEqual([]);
  });

  test('closes nothing where nobody collects: the usage would stay and close every period again', async () => {
    const tenantId = await tenantWithLine({ thresholdSegments: 1n }, { paymentTerms: 'postpaid' });
    await use(tenantId, 2n);
    expect(await toClose()).toEqual([]);
    expect(await mails(tenantId)).toHaveLength(1);
  });
});

describe('the sweep', () => {
  const sweep = () => inTransaction(deps(), (tx) => sweepThresholds(tx, testNow));

  test('finds a line that was reached while nobody looked', async () => {
    const tenantId = await tenantWithLine({ thresholdSegments: 10n });
    await use(tenantId, 10n);
    await connection.queue(closePeriods.name).obliterate({ force: true });
    expect(await sweep()).toBeGreaterThanOrEqual(1);
    expect(await toClose()).toContainEqual({ trigger: 'threshold', tenantId });
    expect(await mails(tenantId)).toHaveLength(1);
  });

  test('leaves the lines of a tenant that is billed by the calendar now', async () => {
    const tenantId = await tenantWithLine({ thresholdSegments: 10n });
    await use(tenantId, 10n);
    await database.prisma.billingPeriod.updateMany({ where: { tenantId }, data: { cadence: 'monthly' } });
    await sweep();
    expect(await openLines(tenantId)).toEqual([]);
  });
});
