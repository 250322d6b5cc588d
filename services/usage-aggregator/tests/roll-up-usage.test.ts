import { randomUUID } from 'node:crypto';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import type { QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { createTestDatabase, type TestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { openTestQueue } from '@tollgate/shared/testing/test-queues.ts';
import { type NewUsageEvent, recordUsage } from '@tollgate/shared/usage/record-usage.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rollUpUsage } from '../src/roll-up-usage/roll-up-usage.ts';

let database: TestDatabase;
let connection: QueueConnection;

beforeAll(async () => {
  database = await createTestDatabase();
  connection = await openTestQueue('postgres', database, { workersMax: 0 });
});
afterAll(async () => {
  await connection.close();
  await database.close();
});

const roll = (tenantId: string) =>
  rollUpUsage(
    { prisma: database.prisma, producer: createProducer({ connection, logger: collectingLogger().logger }) },
    tenantId,
  );

function sms(tenantId: string, overrides: Partial<NewUsageEvent> = {}): NewUsageEvent {
  return {
    tenantId,
    meter: 'sms_sent',
    sourceId: randomUUID(),
    quantity: 2n,
    currency: 'CZK',
    unitPriceMicros: 1_500_000n,
    amountMicros: 3_000_000n,
    country: 'CZ',
    campaign: null,
    occurredAt: new Date('2026-03-10T09:00:00Z'),
    ...overrides,
  };
}

const record = (events: NewUsageEvent[]) => recordUsage(database.prisma, events, new Date());
const rollups = (tenantId: string) =>
  database.prisma.usageRollup.findMany({
    where: { tenantId },
    orderBy: [{ day: 'asc' }, { country: 'asc' }, { unitPriceMicros: 'asc' }],
  });

describe('rolling up', () => {
  test('adds events of one day, country and price to one row, and corrections with them', async () => {
    const { id } = await buildTenant(database.prisma);
    await record([
      sms(id),
      sms(id),
      sms(id, { quantity: -2n, amountMicros: -3_000_000n }),
      sms(id, { country: 'SK' }),
    ]);
    expect(await roll(id)).toBe(4);
    expect(await rollups(id)).toMatchObject([
      { country: 'CZ', eventCount: 3n, quantity: 2n, amountMicros: 3_000_000n },
      { country: 'SK', eventCount: 1n, quantity: 2n, amountMicros: 3_000_000n },
    ]);
  });

  test('counts each event once, whoever and however many do it at once', async () => {
    const { id } = await buildTenant(database.prisma);
    for (let batch = 0; batch < 5; batch += 1) await record(Array.from({ length: 200 }, () => sms(id)));
    const counts = await Promise.all(Array.from({ length: 4 }, () => roll(id)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_000);
    expect(await roll(id)).toBe(0);
    expect(await rollups(id)).toMatchObject([
      { eventCount: 1_000n, quantity: 2_000n, amountMicros: 3_000_000_000n },
    ]);
  });

  test.each([
    ['Etc/GMT+12', '2026-02-28'],
    ['Europe/Prague', '2026-03-01'],
    ['Pacific/Kiritimati', '2026-03-01'],
  ])('in %s counts 28 February 23:30 UTC to %s', async (timeZone, day) => {
    const { id } = await buildTenant(database.prisma, { timeZone });
    await record([sms(id, { occurredAt: new Date('2026-02-28T23:30:00Z') })]);
    await roll(id);
    expect((await rollups(id)).map((rollup) => rollup.day.toISOString().slice(0, 10))).toEqual([day]);
  });

  test('keeps to the zone of the period that usage falls into, wherever the tenant has moved', async () => {
    const { id } = await buildTenant(database.prisma, { timeZone: 'Europe/Prague' });
    await database.prisma.tenant.update({ where: { id }, data: { timeZone: 'America/New_York' } });
    const period = await database.prisma.billingPeriod.findFirstOrThrow({ where: { tenantId: id } });
    const after = (minutes: number) => new Date(period.endsAt.getTime() + minutes * 60_000);
    await record([sms(id, { occurredAt: after(-1) }), sms(id, { occurredAt: after(1) })]);
    await roll(id);
    // The period of March ends at midnight in Prague; what follows is still 31 March in New York.
    expect(
      (await rollups(id)).map(({ day, eventCount }) => [day.toISOString().slice(0, 10), eventCount]),
    ).toEqual([['2026-03-31', 2n]]);
    await record([sms(id, { occurredAt: new Date('2026-03-10T23:30:00Z') })]);
    await roll(id);
    expect((await rollups(id))[0]?.day.toISOString().slice(0, 10)).toBe('2026-03-11');
  });

  test('leaves a row that an invoice has taken as it is, and counts what comes later anew', async () => {
    const { id } = await buildTenant(database.prisma);
    await record([sms(id)]);
    await roll(id);
    const period = await database.prisma.billingPeriod.findFirstOrThrow({ where: { tenantId: id } });
    const invoiceId = randomUUID();
    await database.prisma.invoice.create({
      data: {
        id: invoiceId,
        tenantId: id,
        periodId: period.id,
        kind: 'usage',
        document: 'statement',
        state: 'issued',
        currency: 'CZK',
        usageMicros: 3_000_000n,
        settlesMicros: 0n,
        totalMinor: 0n,
        grossMinor: 0n,
        issuedAt: new Date(),
      },
    });
    await database.prisma.usageRollup.updateMany({ where: { tenantId: id }, data: { invoiceId } });
    await record([sms(id)]);
    await roll(id);
    expect((await rollups(id)).map((rollup) => [rollup.invoiceId, rollup.eventCount]).sort()).toEqual(
      [
        [invoiceId, 1n],
        [null, 1n],
      ].sort(),
    );
  });

  test('leaves events as they were written: they cannot be edited or counted twice', async () => {
    const { id } = await buildTenant(database.prisma);
    await record([sms(id)]);
    await roll(id);
    const edit = (change: string) =>
      database.pool.query(`UPDATE usage_events SET ${change} WHERE tenant_id = $1`, [id]);
    await expect(edit('quantity = 7')).rejects.toThrow('append-only');
    await expect(edit('rollup_id = NULL')).rejects.toThrow('append-only');
  });
});
