import type { Db } from '../runtime/database.ts';

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
  const rows = await db.$queryRawUnsafe<{ count: bigint }[]>(
    rollUpStatement(lock as string),
    tenantId,
    before ?? null,
    limit,
  );
  return Number(rows[0]?.count ?? 0n);
}

/** The lock clause cannot be a parameter; it is one of two constants. */
function rollUpStatement(lock: string): string {
  return `
    WITH claimed AS (
      SELECT e.id, (e.occurred_at AT TIME ZONE t.time_zone)::date AS day, e.tenant_id, e.meter, e.country,
             e.currency, e.unit_price_micros, e.quantity, e.amount_micros
      FROM usage_events e JOIN tenants t ON t.id = e.tenant_id
      WHERE e.tenant_id = $1::uuid AND e.rollup_id IS NULL AND ($2::timestamptz IS NULL OR e.occurred_at < $2::timestamptz)
      ORDER BY e.occurred_at, e.id
      LIMIT $3::bigint
      ${lock}
    ), counted AS (
      INSERT INTO usage_rollups (id, tenant_id, day, meter, country, currency, unit_price_micros,
                                 event_count, quantity, amount_micros)
      SELECT gen_random_uuid(), tenant_id, day, meter, country, currency, unit_price_micros,
             count(*), sum(quantity), sum(amount_micros)
      FROM claimed
      GROUP BY tenant_id, day, meter, country, currency, unit_price_micros
      ORDER BY day, meter, country, currency, unit_price_micros
      ON CONFLICT (tenant_id, day, meter, country, currency, unit_price_micros) WHERE invoice_id IS NULL
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
    SELECT count(*) AS count FROM flagged`;
}

/** Tenants with events that no roll-up counts yet. */
export async function findUnrolledTenants(db: Db, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ tenantId: string }[]>`
    SELECT DISTINCT tenant_id AS "tenantId" FROM usage_events WHERE rollup_id IS NULL LIMIT ${limit}`;
  return rows.map(({ tenantId }) => tenantId);
}
