import type { Db } from '../runtime/database.ts';
import { claimedWithDay } from './local-days.ts';
import { listReadingMeters } from './meters.ts';
import { rollUpReadings } from './roll-up-readings.ts';

export type RollUpRange = {
  tenantId: string;
  /** Only events before this instant; all when left out. */
  before?: Date;
  /** At most so many events; all when left out. */
  limit?: number;
  /** Whether to wait for events that another process is rolling up, or to leave them to it. */
  wait: boolean;
};

const EVERYTHING = 1_000_000_000;

/**
 * Adds events that no roll-up counts yet to the open roll-ups of their local day, exactly once: the
 * event is flagged by the statement that counts it. Returns how many events were counted.
 */
export async function rollUp(
  db: Db,
  { tenantId, before, limit = EVERYTHING, wait }: RollUpRange,
): Promise<number> {
  const [lock] = wait ? ['FOR UPDATE OF e'] : ['FOR UPDATE OF e SKIP LOCKED'];
  const [found] = await db.$queryRawUnsafe<{ count: bigint; readings: string[] }[]>(
    rollUpStatement(lock as string),
    tenantId,
    before ?? null,
    limit,
    await listReadingMeters(db),
  );
  if (!found) return 0;
  return Number(found.count) + (await rollUpReadings(db, { tenantId, eventIds: found.readings, wait }));
}

/**
 * Claims events, counts and flags those that add up, and names the readings among them, which are
 * claimed as well. The lock clause cannot be a parameter; it is one of two constants.
 */
function rollUpStatement(lock: string): string {
  return `
    WITH unrolled AS (
      SELECT e.id, e.occurred_at, e.tenant_id, e.meter, e.country, e.currency, e.unit_price_micros, e.quantity,
             e.amount_micros
      FROM usage_events e
      WHERE e.tenant_id = $1::uuid AND e.rollup_id IS NULL AND ($2::timestamptz IS NULL OR e.occurred_at < $2::timestamptz)
      ORDER BY e.occurred_at, e.id
      LIMIT $3::bigint
      ${lock}
    ), ${claimedWithDay}, counted AS (
      INSERT INTO usage_rollups (id, tenant_id, day, meter, country, currency, unit_price_micros,
                                 event_count, quantity, amount_micros)
      SELECT gen_random_uuid(), tenant_id, day, meter, country, currency, unit_price_micros,
             count(*), sum(quantity), sum(amount_micros)
      FROM claimed
      WHERE meter <> ALL ($4::text[])
      GROUP BY tenant_id, day, meter, country, currency, unit_price_micros
      ORDER BY day, meter, country, currency, unit_price_micros
      ON CONFLICT (tenant_id, day, meter, country, currency, unit_price_micros) WHERE invoice_id IS NULL AND NOT is_released
      DO UPDATE SET event_count = usage_rollups.event_count + EXCLUDED.event_count,
                    quantity = usage_rollups.quantity + EXCLUDED.quantity,
                    amount_micros = usage_rollups.amount_micros + EXCLUDED.amount_micros
      RETURNING id, day, meter, country, currency, unit_price_micros
    ), flagged AS (
      UPDATE usage_events e SET rollup_id = r.id
      FROM claimed c JOIN counted r USING (day, meter, country, currency, unit_price_micros)
      WHERE e.id = c.id
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM flagged) AS count,
           ARRAY(SELECT id FROM unrolled WHERE meter = ANY ($4::text[])) AS readings`;
}

/** Tenants with events that no roll-up counts yet. */
export async function findUnrolledTenants(db: Db, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ tenantId: string }[]>`
    SELECT DISTINCT tenant_id AS "tenantId" FROM usage_events WHERE rollup_id IS NULL LIMIT ${limit}`;
  return rows.map(({ tenantId }) => tenantId);
}
