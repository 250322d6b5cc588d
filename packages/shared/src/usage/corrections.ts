import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

export type UsageKey = { meter: string; sourceId: string };

/** An event as it was recorded. */
export type RecordedUsage = UsageKey & {
  id: string;
  correctsSourceId: string | null;
  quantity: bigint;
  unitPriceMicros: bigint;
  country: string;
  campaign: string | null;
  userId: string | null;
  resource: string | null;
  metadata: Record<string, string> | null;
  occurredAt: Date;
  /** What corrections have added to it so far. */
  correctedBy: bigint;
};

/** The tenant's events of these meters and sources. */
export function findRecordedUsage(
  db: Db,
  tenantId: string,
  keys: readonly UsageKey[],
): Promise<RecordedUsage[]> {
  if (keys.length === 0) return Promise.resolve([]);
  return db.$queryRaw<RecordedUsage[]>`
    SELECT e.id, e.meter, e.source_id AS "sourceId", e.corrects_source_id AS "correctsSourceId", e.quantity,
           e.unit_price_micros AS "unitPriceMicros", e.country, e.campaign, e.user_id AS "userId", e.resource, e.metadata,
           e.occurred_at AS "occurredAt",
           coalesce((SELECT sum(c.quantity) FROM usage_events c
                     WHERE c.tenant_id = e.tenant_id AND c.meter = e.meter AND c.corrects_source_id = e.source_id),
                    0)::bigint AS "correctedBy"
    FROM jsonb_to_recordset(${jsonRows(keys)}::jsonb) AS key(meter text, "sourceId" text)
    JOIN usage_events e ON e.tenant_id = ${tenantId}::uuid AND e.meter = key.meter AND e.source_id = key."sourceId"`;
}

/** Lets one transaction at a time correct a tenant's usage: two could each take back the last unit. */
export async function lockCorrections(db: Db, tenantId: string): Promise<void> {
  const name = `tollgate usage corrections ${tenantId}`;
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`;
}
