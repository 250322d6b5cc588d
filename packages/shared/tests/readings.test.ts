import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { buildTenant, testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';
import { DAY_MS, HOUR_MS } from '../src/time/durations.ts';
import { insertNewUsage, type RepeatableUsageEvent, unattributed } from '../src/usage/insert-new-usage.ts';
import { rollUp } from '../src/usage/roll-up.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const PRICE = 250_000n;
const meters = { max: 'storage_used_mb', last: 'seats_taken', sum: 'call_made' } as const;
type Aggregation = keyof typeof meters;

beforeAll(async () => {
  await prisma.meter.create({ data: { id: meters.last, name: 'Seats', unit: 'seat', aggregation: 'last' } });
});

type Given = Partial<RepeatableUsageEvent> & Pick<RepeatableUsageEvent, 'tenantId' | 'meter' | 'quantity'>;

async function record(...given: Given[]): Promise<RepeatableUsageEvent[]> {
  const events = given.map((fields) => ({
    ...unattributed,
    id: newId(),
    sourceId: newId(),
    currency: 'CZK',
    unitPriceMicros: PRICE,
    amountMicros: fields.meter === meters.sum ? fields.quantity * PRICE : 0n,
    country: '',
    campaign: null,
    occurredAt: testNow,
    ...fields,
  }));
  await insertNewUsage(prisma, events, new Date());
  return events;
}

/** Bills what is open, as closing a period does. */
async function stamp(tenantId: string): Promise<void> {
  const id = newId();
  const { id: periodId } = await prisma.billingPeriod.findFirstOrThrow({ where: { tenantId } });
  const record = {
    tenantId,
    periodId,
    kind: 'usage',
    document: 'statement',
    state: 'issued',
    currency: 'CZK',
  };
  const zero = { usageMicros: 0n, settlesMicros: 0n, totalMinor: 0n, grossMinor: 0n };
  // The one before makes way: what is looked at here are roll-ups, and a period has one invoice.
  await prisma.invoice.updateMany({ where: { tenantId }, data: { state: 'void', voidedAt: testNow } });
  await prisma.invoice.create({ data: { id, ...record, ...zero, issuedAt: testNow } });
  await prisma.usageRollup.updateMany({ where: { tenantId, invoiceId: null }, data: { invoiceId: id } });
}

/** Voids what was billed last: its roll-ups are free again, and nothing is added to them. */
const release = (tenantId: string) =>
  prisma.usageRollup.updateMany({
    where: { tenantId, invoiceId: { not: null } },
    data: { invoiceId: null, isReleased: true },
  });

const rollups = (tenantId: string) =>
  prisma.usageRollup.findMany({
    where: { tenantId },
    orderBy: [{ day: 'asc' }, { meter: 'asc' }, { quantity: 'asc' }],
  });

/** What the roll-ups of each day and meter hold together: "2026-03-10 storage_used_mb" → quantity and amount. */
async function held(tenantId: string) {
  const sums = new Map<string, { quantity: bigint; amountMicros: bigint }>();
  for (const { day, meter, quantity, amountMicros } of await rollups(tenantId)) {
    const key = `${day.toISOString().slice(0, 10)} ${meter}`;
    const sum = sums.get(key) ?? { quantity: 0n, amountMicros: 0n };
    sums.set(key, { quantity: sum.quantity + quantity, amountMicros: sum.amountMicros + amountMicros });
  }
  return Object.fromEntries(sums);
}

const roll = (tenantId: string, options: { before?: Date; limit?: number } = {}) =>
  prisma.$transaction((db) => rollUp(db, { tenantId, wait: true, ...options }));

describe('a level that is read several times a day', () => {
  const at = (time: string) => new Date(`2026-03-10T${time}:00Z`);

  test('counts once a day, at its highest', async () => {
    const { id: tenantId } = await buildTenant(prisma);
    const meter = meters.max;
    await record(
      { tenantId, meter, quantity: 70n },
      { tenantId, meter, quantity: 90n, occurredAt: at('10:00') },
    );
    await record({ tenantId, meter, quantity: 20n, occurredAt: at('11:00') });
    expect(await roll(tenantId)).toBe(3);
    expect(await rollups(tenantId)).toMatchObject([
      { eventCount: 3n, quantity: 90n, amountMicros: 90n * PRICE, unitPriceMicros: PRICE },
    ]);
  });

  test('counts as it was at last, whichever was recorded first', async () => {
    const { id: tenantId } = await buildTenant(prisma);
    const meter = meters.last;
    await record({ tenantId, meter, quantity: 5n, occurredAt: at('18:00') });
    await record({ tenantId, meter, quantity: 9n, occurredAt: at('12:00') });
    await roll(tenantId);
    expect(await held(tenantId)).toEqual({
      '2026-03-10 seats_taken': { quantity: 5n, amountMicros: 5n * PRICE },
    });
  });

  test('that changes after it was billed is billed by the difference, up and down', async () => {
    const { id: tenantId } = await buildTenant(prisma);
    const meter = meters.last;
    await record({ tenantId, meter, quantity: 5n, occurredAt: at('10:00') });
    await roll(tenantId);
    await stamp(tenantId);
    await record({ tenantId, meter, quantity: 2n, occurredAt: at('11:00') });
    await roll(tenantId);
    expect(await rollups(tenantId)).toMatchObject([
      { quantity: -3n, amountMicros: -3n * PRICE, invoiceId: null },
      { quantity: 5n, amountMicros: 5n * PRICE, invoiceId: expect.any(String) },
    ]);
  });

  test('adds nothing to what a voided invoice released', async () => {
    const { id: tenantId } = await buildTenant(prisma);
    const meter = meters.max;
    await record({ tenantId, meter, quantity: 5n });
    await roll(tenantId);
    await stamp(tenantId);
    await release(tenantId);
    await record({ tenantId, meter, quantity: 8n });
    await roll(tenantId);
    expect(await rollups(tenantId)).toMatchObject([
      { quantity: 3n, isReleased: false },
      { quantity: 5n, isReleased: true },
    ]);
  });

  test('is corrected by a correction of the reading, not by another reading', async () => {
    const { id: tenantId } = await buildTenant(prisma);
    const meter = meters.max;
    const [wrong] = await record(
      { tenantId, meter, quantity: 9_000n },
      { tenantId, meter, quantity: 70n, occurredAt: at('10:00') },
    );
    await roll(tenantId);
    await stamp(tenantId);
    const { sourceId, occurredAt } = wrong as RepeatableUsageEvent;
    await record({ tenantId, meter, quantity: -8_980n, correctsSourceId: sourceId, occurredAt });
    await roll(tenantId);
    expect(await held(tenantId)).toEqual({
      '2026-03-10 storage_used_mb': { quantity: 70n, amountMicros: 70n * PRICE },
    });
  });

  test('has one price a day: that of the first reading that was recorded', async () => {
    const { id: tenantId } = await buildTenant(prisma);
    const meter = meters.max;
    await record({ tenantId, meter, quantity: 5n });
    await roll(tenantId);
    await record({ tenantId, meter, quantity: 8n, unitPriceMicros: 1n });
    await roll(tenantId);
    expect(await rollups(tenantId)).toMatchObject([{ quantity: 8n, amountMicros: 8n * PRICE }]);
  });

  test('comes to the same when two count at once: the second sees what the first has counted', async () => {
    const { id: tenantId } = await buildTenant(prisma);
    const meter = meters.max;
    await record({ tenantId, meter, quantity: 5n });
    let second: Promise<number> | undefined;
    await prisma.$transaction(async (db) => {
      await rollUp(db, { tenantId, wait: true });
      await record({ tenantId, meter, quantity: 8n });
      // Who does not wait leaves it to the first one.
      expect(await prisma.$transaction((other) => rollUp(other, { tenantId, wait: false }))).toBe(0);
      second = roll(tenantId);
      await until('the second waits', async () => {
        const waiting = await prisma.$queryRaw<unknown[]>`SELECT 1 FROM pg_locks WHERE NOT granted`;
        return waiting.length > 0;
      });
    });
    expect(await second).toBe(1);
    expect(await rollups(tenantId)).toMatchObject([{ eventCount: 2n, quantity: 8n }]);
  });
});

type Step =
  | { kind: 'record'; aggregation: Aggregation; day: number; hour: number; quantity: number }
  | { kind: 'correct'; which: number; by: number }
  | { kind: 'roll'; limit: number | undefined; beforeHour: number | undefined }
  | { kind: 'stamp' }
  | { kind: 'release' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      aggregation: fc.constantFrom<Aggregation>('max', 'last', 'sum'),
      day: fc.integer({ min: 0, max: 1 }),
      hour: fc.integer({ min: 0, max: 12 }),
      quantity: fc.integer({ min: 0, max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('correct' as const),
      which: fc.nat(50),
      by: fc.integer({ min: -9, max: 9 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('roll' as const),
      limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      beforeHour: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'stamp' }, { kind: 'release' }) },
);

/** What the days come to, from the events alone. */
function expected(events: readonly RepeatableUsageEvent[]) {
  const days = new Map<string, RepeatableUsageEvent[]>();
  for (const event of events.filter(({ correctsSourceId }) => correctsSourceId === null)) {
    const corrections = events.filter(({ correctsSourceId }) => correctsSourceId === event.sourceId);
    const quantity = corrections.reduce((sum, correction) => sum + correction.quantity, event.quantity);
    const key = `${event.occurredAt.toISOString().slice(0, 10)} ${event.meter}`;
    days.set(key, [...(days.get(key) ?? []), { ...event, quantity }]);
  }
  const total = (meter: string, readings: RepeatableUsageEvent[]): bigint => {
    const values = readings.map(({ quantity }) => quantity);
    if (meter === meters.sum) return values.reduce((sum, value) => sum + value, 0n);
    if (meter === meters.max) return values.reduce((highest, value) => (value > highest ? value : highest));
    return readings.reduce((last, reading) => (reading.occurredAt >= last.occurredAt ? reading : last))
      .quantity;
  };
  return Object.fromEntries(
    [...days].map(([key, readings]) => {
      const quantity = total(key.slice(11), readings);
      return [key, { quantity, amountMicros: quantity * PRICE }];
    }),
  );
}

test('whatever is recorded, corrected, billed and voided in whatever order, the roll-ups of a day hold what its events come to', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const { id: tenantId } = await buildTenant(prisma, { timeZone: 'UTC', balanceMicros: 0n });
      const events: RepeatableUsageEvent[] = [];
      for (const done of steps) await perform(done, tenantId, events);
      await roll(tenantId);
      expect(await held(tenantId)).toEqual(expected(events));
      expect(await prisma.usageEvent.count({ where: { tenantId, rollupId: null } })).toBe(0);
      const counted = (await rollups(tenantId)).reduce((sum, { eventCount }) => sum + eventCount, 0n);
      expect(counted).toBe(BigInt(events.length));
    }),
    { numRuns: 60 },
  );
}, 60_000);

async function perform(done: Step, tenantId: string, events: RepeatableUsageEvent[]): Promise<void> {
  const instant = (day: number, hour: number) =>
    new Date(Date.parse('2026-03-10T00:00:00Z') + day * DAY_MS + hour * HOUR_MS);
  switch (done.kind) {
    case 'record': {
      const { aggregation, day, hour, quantity } = done;
      const event = { tenantId, meter: meters[aggregation], occurredAt: instant(day, hour) };
      events.push(...(await record({ ...event, quantity: BigInt(quantity) })));
      return;
    }
    case 'correct': {
      const originals = events.filter(({ correctsSourceId }) => correctsSourceId === null);
      const original = originals[done.which % (originals.length || 1)];
      if (!original) return;
      const { sourceId: correctsSourceId, meter, occurredAt } = original;
      events.push(
        ...(await record({ tenantId, meter, occurredAt, correctsSourceId, quantity: BigInt(done.by) })),
      );
      return;
    }
    case 'roll': {
      const { limit, beforeHour } = done;
      const before = beforeHour === undefined ? {} : { before: instant(0, beforeHour) };
      await roll(tenantId, { ...before, ...(limit !== undefined && { limit }) });
      return;
    }
    case 'stamp':
      return stamp(tenantId);
    case 'release':
      await release(tenantId);
  }
}
