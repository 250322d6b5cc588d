import type { Db } from '../runtime/database.ts';
import { claimedWithDay } from './local-days.ts';
import { readingDays } from './reading-days.ts';

export type ReadingsClaim = {
  tenantId: string;
  /** Events of meters that are not summed, locked by this transaction and counted by no roll-up. */
  eventIds: readonly string[];
  wait: boolean;
};

/**
 * Counts readings of a level (max, last): the roll-ups of a day hold together what its readings come to,
 * so the open one gets the difference to what all of them hold already, stamped and released ones
 * included. It may be negative. Two at once would each add their own difference, so a tenant's readings
 * are counted by one transaction at a time. Returns how many were counted; 0 where another is at it and
 * nobody waits.
 */
export async function rollUpReadings(db: Db, { tenantId, eventIds, wait }: ReadingsClaim): Promise<number> {
  if (eventIds.length === 0 || !(await takeTurn(db, tenantId, wait))) return 0;
  const rows = await db.$queryRawUnsafe<{ count: bigint }[]>(statement, eventIds);
  return Number(rows[0]?.count ?? 0n);
}

/** In a statement of its own, so that the next one sees what whoever came before has counted. */
async function takeTurn(db: Db, tenantId: string, wait: boolean): Promise<boolean> {
  const name = `tollgate readings ${tenantId}`;
  if (wait) {
    await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`;
    return true;
  }
  const [turn] = await db.$queryRaw<[{ taken: boolean }]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS taken`;
  return turn.taken;
}

const ofDay = 'tenant_id, day, meter, country, currency';

// What was counted before is found through its roll-ups: only events of the days and meters at hand are
// read, and on the day that they were counted to, wherever the tenant has moved since.
const statement = `
  WITH unrolled AS (
    SELECT * FROM usage_events WHERE id = ANY ($1::uuid[])
  ), ${claimedWithDay}, days AS (
    SELECT ${ofDay}, count(*) AS claimed_count FROM claimed GROUP BY ${ofDay}
  ), held AS (
    SELECT r.* FROM usage_rollups r JOIN days USING (${ofDay})
  ), totals AS (
    SELECT ${ofDay}, sum(quantity) AS quantity, min(unit_price_micros) AS unit_price_micros FROM held GROUP BY ${ofDay}
  ), readings AS (
    SELECT e.*, held.day FROM held JOIN usage_events e ON e.rollup_id = held.id
    UNION ALL
    SELECT * FROM claimed
  ), ${readingDays(ofDay)}, differences AS (
    SELECT ${ofDay}, claimed_count AS event_count, reading_days.quantity - coalesce(totals.quantity, 0) AS quantity,
           coalesce(totals.unit_price_micros, reading_days.unit_price_micros) AS unit_price_micros
    FROM days JOIN reading_days USING (${ofDay}) LEFT JOIN totals USING (${ofDay})
  ), counted AS (
    INSERT INTO usage_rollups (id, ${ofDay}, unit_price_micros, event_count, quantity, amount_micros)
    SELECT gen_random_uuid(), ${ofDay}, unit_price_micros, event_count, quantity, quantity * unit_price_micros
    FROM differences
    ORDER BY day, meter, country, currency
    ON CONFLICT (tenant_id, day, meter, country, currency, unit_price_micros) WHERE invoice_id IS NULL AND NOT is_released
    DO UPDATE SET event_count = usage_rollups.event_count + EXCLUDED.event_count,
                  quantity = usage_rollups.quantity + EXCLUDED.quantity,
                  amount_micros = usage_rollups.amount_micros + EXCLUDED.amount_micros
    RETURNING id, ${ofDay}
  ), flagged AS (
    UPDATE usage_events e SET rollup_id = r.id
    FROM claimed c JOIN counted r USING (${ofDay})
    WHERE e.id = c.id
    RETURNING 1
  )
  SELECT count(*) AS count FROM flagged`;
