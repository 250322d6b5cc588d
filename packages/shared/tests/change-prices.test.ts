import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { addPlanPrice } from '../src/pricing/change-plan-prices.ts';
import { addPrice, removePrice } from '../src/pricing/change-prices.ts';
import type { Db } from '../src/runtime/database.ts';
import { testNow } from '../src/testing/build-tenant.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';
import { DAY_MS } from '../src/time/durations.ts';
import { addMeterPrice, removeMeterPrice } from '../src/usage/change-meter-prices.ts';

const database = await createTestDatabase();
const { prisma, pool } = database;
afterAll(database.close);

const instant = (day: number) => new Date(testNow.getTime() + day * DAY_MS);

/** Days from now; without an end where it is null. */
type Span = [from: number, until: number | null];
type Shown = { id: string; validFrom: Date; validUntil: Date | null };

type PriceList = {
  table: string;
  add(db: Db, tenantId: string, span: Span): Promise<{ kind: 'added'; price: Shown } | { kind: 'overlaps' }>;
  remove(db: Db, id: string, now: Date): Promise<boolean>;
  list(tenantId: string): Promise<Shown[]>;
};

const price = (tenantId: string, [from, to]: Span) => ({
  tenantId,
  planId: null,
  currency: 'CZK',
  unitPriceMicros: 1_000_000n,
  validFrom: instant(from),
  validUntil: to === null ? null : instant(to),
  createdBy: 'test',
});
const byBeginning = { validFrom: 'asc' } as const;

const smsPrices: PriceList = {
  table: 'sms_prices',
  add: (db, tenantId, span) => addPrice(db, { ...price(tenantId, span), country: null, per: 'segment' }),
  remove: removePrice,
  list: (tenantId) => prisma.smsPrice.findMany({ where: { tenantId }, orderBy: byBeginning }),
};
const meterPrices: PriceList = {
  table: 'meter_prices',
  add: (db, tenantId, span) => addMeterPrice(db, { ...price(tenantId, span), meter: 'call_made' }),
  remove: removeMeterPrice,
  list: (tenantId) => prisma.meterPrice.findMany({ where: { tenantId }, orderBy: byBeginning }),
};

const toDays = (time: Date) => (time.getTime() - testNow.getTime()) / DAY_MS;
/** Such as "0 to 2, 1 to 2, 2 on". */
const inWords = (spans: Span[]) =>
  spans.map(([from, to]) => (to === null ? `${from} on` : `${from} to ${to}`)).join(', ');

/** The prices of a tenant that has none yet, changed as the services do: each change its own transaction. */
function pricesOf(list: PriceList, tenantId = newId()) {
  return {
    tenantId,
    add: (...span: Span) => prisma.$transaction((db) => list.add(db, tenantId, span)),
    async remove(from: number) {
      const row = (await list.list(tenantId)).find(({ validFrom }) => toDays(validFrom) === from);
      return prisma.$transaction((db) => list.remove(db, row?.id ?? newId(), testNow));
    },
    async spans() {
      const rows = await list.list(tenantId);
      return inWords(
        rows.map(({ validFrom, validUntil }) => [toDays(validFrom), validUntil && toDays(validUntil)]),
      );
    },
  };
}

/** Does the second thing while the first is done and not committed, which it has to wait for. */
async function meanwhile<First, Second>(
  first: (db: Db) => Promise<First>,
  second: (db: Db) => Promise<Second>,
): Promise<[First, Second]> {
  const { done, waiting } = await prisma.$transaction(async (db) => {
    const done = await first(db);
    const waiting = prisma.$transaction(second);
    await until('the other one waits', async () => {
      const [row] = await prisma.$queryRaw<[{ count: bigint }]>`
        SELECT count(*) AS count FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return row.count === 1n;
    });
    return { done, waiting };
  });
  return [done, await waiting];
}

const ofPlan = (db: Db) =>
  addPlanPrice(db, {
    planId: 'pro',
    currency: 'SEK',
    interval: 'monthly',
    amountMicros: 1n,
    validFrom: testNow,
    validUntil: null,
    createdBy: 'test',
  });

test.each([
  ['an SMS price', (db: Db) => smsPrices.add(db, '00000000-0000-7000-8000-000000000001', [0, null])],
  ['a plan’s price', ofPlan],
])(
  '%s that is being added is seen by another that comes meanwhile: only one of them begins',
  async (_, add) => {
    const [first, second] = await meanwhile(add, add);
    expect([first.kind, second.kind]).toEqual(['added', 'overlaps']);
  },
);

describe.each([
  ['SMS prices', smsPrices],
  ['prices of a meter', meterPrices],
])('among %s', (_, list) => {
  test.each([
    ['after the next price begins', 3],
    ['just as the next price begins', 2],
  ])('one that was to end %s keeps that end when the next price is removed', async (_, end) => {
    const { add, remove, spans } = pricesOf(list);
    await add(0, null);
    await add(1, end);
    await add(2, null);
    expect(await spans()).toBe('0 to 2, 1 to 2, 2 on');
    expect(await remove(2)).toBe(true);
    expect(await spans()).toBe(`0 on, 1 to ${end}`);
  });

  test.each([
    [[1], '0 to 2, 2 to 3, 3 on'],
    [[2], '0 to 1, 1 to 3, 3 on'],
    [[3], '0 to 1, 1 to 2, 2 on'],
    [[1, 2], '0 to 3, 3 on'],
    [[2, 1], '0 to 3, 3 on'],
    [[1, 3], '0 to 2, 2 on'],
    [[3, 1], '0 to 2, 2 on'],
    [[2, 3], '0 to 1, 1 on'],
    [[3, 2], '0 to 1, 1 on'],
    [[1, 2, 3], '0 on'],
    [[2, 3, 1], '0 on'],
    [[3, 2, 1], '0 on'],
  ])('four in a row without those of days %j follow one another: %s', async (removed, left) => {
    const { add, remove, spans } = pricesOf(list);
    for (const day of [0, 1, 2, 3]) await add(day, null);
    for (const day of removed) expect(await remove(day)).toBe(true);
    expect(await spans()).toBe(left);
  });

  test('one that has begun is not removed, and nothing about it changes', async () => {
    const { add, remove, spans } = pricesOf(list);
    await add(-2, null);
    await add(-1, null);
    await add(0, null);
    for (const day of [-2, -1, 0]) expect(await remove(day)).toBe(false);
    expect(await spans()).toBe('-2 to -1, -1 to 0, 0 on');
  });

  test('after any changes each ends at its own end, or where one without an end begins before that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 5, maxLength: 16 }), async (changes) => {
        const { add, remove, spans } = pricesOf(list);
        let asked: Span[] = [];
        for (const change of changes) {
          const last = asked.at(-1)?.[0] ?? 0;
          if (change.kind === 'remove') {
            const from = asked[change.which % asked.length]?.[0];
            if (from !== undefined && (await remove(from))) asked = asked.filter((span) => span[0] !== from);
          } else {
            const from = Math.max(0, last + change.afterLast);
            const span: Span = [from, change.days && from + change.days];
            const { kind } = await add(...span);
            if (kind === 'added') asked = [...asked, span].toSorted(([a], [b]) => a - b);
          }
          expect(await spans()).toBe(inWords(endsOf(asked)));
        }
      }),
      { numRuns: 30 },
    );
  });

  test('one that is removed while another is being added leaves what it had ended to that one', async () => {
    const { tenantId, add, spans } = pricesOf(list);
    await add(0, null);
    const next = await add(1, null);
    const id = next.kind === 'added' ? next.price.id : '';
    const [added, isRemoved] = await meanwhile(
      (db) => list.add(db, tenantId, [2, null]),
      (db) => list.remove(db, id, testNow),
    );
    expect([added.kind, isRemoved]).toEqual(['added', true]);
    expect(await spans()).toBe('0 to 2, 2 on');
  });

  test('one that was ended before it was noted by which stays ended: it may have been temporary', async () => {
    const { tenantId, add, remove, spans } = pricesOf(list);
    await add(0, null);
    await add(1, 3);
    await add(2, null);
    const forget = `UPDATE ${list.table} SET ended_by_price_id = NULL, former_valid_until = NULL WHERE tenant_id = $1`;
    await pool.query(forget, [tenantId]);
    expect(await remove(2)).toBe(true);
    expect(await spans()).toBe('0 to 2, 1 to 2');
  });

  test.each([
    ['have been ended by itself', 'ended_by_price_id = id', 'ended'],
    ['have been ended, and have no end', 'valid_until = NULL', 'ended'],
    ['have had another end, and not have been ended', 'ended_by_price_id = NULL', 'ended'],
    ['have had an end before the one it has', 'former_valid_until = valid_from', 'ended'],
    [
      'have been ended by one that is not there',
      'ended_by_price_id = gen_random_uuid()',
      'ended_by_price_id_fkey',
    ],
  ])('one cannot %s', async (_, assignment, constraint) => {
    const { tenantId, add } = pricesOf(list);
    await add(0, 2);
    await add(1, null);
    const update = `UPDATE ${list.table} SET ${assignment} WHERE tenant_id = $1 AND ended_by_price_id IS NOT NULL`;
    await expect(pool.query(update, [tenantId])).rejects.toMatchObject({
      constraint: `${list.table}_${constraint}`,
    });
  });

  test('one that ends another is not deleted before the other has its end back', async () => {
    const { tenantId, add } = pricesOf(list);
    await add(0, null);
    await add(1, null);
    const removal = `DELETE FROM ${list.table} WHERE tenant_id = $1 AND valid_until IS NULL`;
    await expect(pool.query(removal, [tenantId])).rejects.toMatchObject({
      constraint: `${list.table}_ended_by_price_id_fkey`,
    });
  });
});

type Change = { kind: 'add'; afterLast: number; days: number | null } | { kind: 'remove'; which: number };

const adding = fc.constant('add' as const);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: adding, afterLast: fc.integer({ min: 1, max: 3 }), days: fc.constant(null) }),
  fc.record({
    kind: adding,
    afterLast: fc.integer({ min: -2, max: 2 }),
    days: fc.integer({ min: 1, max: 6 }),
  }),
  fc.record({ kind: fc.constant('remove' as const), which: fc.nat(8) }),
);

/** The model: where each of the prices ends, of those as they were asked for. */
function endsOf(asked: Span[]): Span[] {
  const withoutEnd = asked.filter(([, to]) => to === null).map(([from]) => from);
  return asked.map(([from, to]) => {
    const end = Math.min(to ?? Infinity, ...withoutEnd.filter((other) => other > from));
    return [from, end === Infinity ? null : end];
  });
}
