import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';
import type { NewUsageEvent } from './record-usage.ts';

/** Usage that may have been recorded before: it came from outside, or from a write whose end is unknown. */
export type RepeatableUsageEvent = NewUsageEvent & {
  id: string;
  /** In a correction, the source of the event of the same meter that it corrects. */
  correctsSourceId: string | null;
  /** The tenant's own user and resource that it is about. */
  userId: string | null;
  resource: string | null;
  metadata: Record<string, string> | null;
};

/** What internal counting leaves out. */
export const unattributed = {
  correctsSourceId: null,
  userId: null,
  resource: null,
  metadata: null,
} as const;

/**
 * Writes events whose tenant, meter and source are new; returns their ids. Others were recorded before
 * and stay as they are. In the order of their keys, so that two with the same ones wait
 * and never cross; of two at once the first one is recorded.
 */
export async function insertNewUsage(
  db: Db,
  events: readonly RepeatableUsageEvent[],
  recordedAt: Date,
): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const rows = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO usage_events (id, tenant_id, meter, source_id, corrects_source_id, quantity, currency, unit_price_micros,
                              amount_micros, country, campaign, user_id, resource, metadata, occurred_at, recorded_at)
    SELECT id, "tenantId", meter, "sourceId", "correctsSourceId", quantity, currency, "unitPriceMicros", "amountMicros",
           country, campaign, "userId", resource, nullif(metadata, 'null'::jsonb), "occurredAt", ${recordedAt}
    FROM jsonb_to_recordset(${jsonRows(events)}::jsonb) AS e(
      id uuid, "tenantId" uuid, meter text, "sourceId" text, "correctsSourceId" text, quantity bigint, currency text,
      "unitPriceMicros" bigint, "amountMicros" bigint, country text, campaign text, "userId" text, resource text,
      metadata jsonb, "occurredAt" timestamptz)
    ORDER BY "tenantId", meter, "sourceId", id
    ON CONFLICT (tenant_id, meter, source_id) DO NOTHING
    RETURNING id`;
  return new Set(rows.map(({ id }) => id));
}
