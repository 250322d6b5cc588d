import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

/** One thing that was used, priced at that moment. */
export type NewUsageEvent = {
  tenantId: string;
  meter: string;
  /** What it stems from; the same source is counted once per meter. */
  sourceId: string;
  /** In the meter's own unit; for SMS, segments. Negative in a correction. */
  quantity: bigint;
  currency: string;
  unitPriceMicros: bigint;
  amountMicros: bigint;
  country: string;
  campaign: string | null;
  occurredAt: Date;
};

/** Writes usage events, in the transaction of what they tell about. */
export async function recordUsage(db: Db, events: readonly NewUsageEvent[], recordedAt: Date): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ id: newId(), ...event }));
  await db.$executeRaw`
    INSERT INTO usage_events (id, tenant_id, meter, source_id, quantity, currency, unit_price_micros, amount_micros,
                              country, campaign, occurred_at, recorded_at)
    SELECT id, "tenantId", meter, "sourceId", quantity, currency, "unitPriceMicros", "amountMicros",
           country, campaign, "occurredAt", ${recordedAt}
    FROM jsonb_to_recordset(${jsonRows(rows)}::jsonb) AS e(
      id uuid, "tenantId" uuid, meter text, "sourceId" text, quantity bigint, currency text, "unitPriceMicros" bigint,
      "amountMicros" bigint, country text, campaign text, "occurredAt" timestamptz)`;
}
