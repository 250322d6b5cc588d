import { newId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';

/** Usage of a closed local day that Stripe was not told yet. */
export type UntoldUsage = {
  tenantId: string;
  currency: string;
  meter: string;
  /** YYYY-MM-DD in the tenant's zone. */
  day: string;
  timeZone: string;
  recorded: bigint;
  told: bigint;
  sequence: number;
};

/** Stripe takes events of the last 35 days; a day less, so that none is too old when it is sent. */
const DAYS_BACK = 34;

/** Days whose recorded usage differs from what Stripe was told, of sum meters, the oldest first. */
export function findUntold(
  db: Db,
  { meters, tenantId, now }: { meters: readonly string[]; tenantId: string | undefined; now: Date },
): Promise<UntoldUsage[]> {
  return db.$queryRaw<UntoldUsage[]>`
    SELECT u.tenant_id AS "tenantId", u.currency, u.meter, to_char(u.day, 'YYYY-MM-DD') AS day, u.time_zone AS "timeZone",
           u.recorded, coalesce(p.told, 0)::bigint AS told, coalesce(p.sequence, 0)::int AS sequence
    FROM (SELECT r.tenant_id, t.currency, r.meter, r.day, t.time_zone, sum(r.quantity)::bigint AS recorded
          FROM usage_rollups r
          JOIN tenants t ON t.id = r.tenant_id
          JOIN meters m ON m.id = r.meter AND m.aggregation = 'sum'
          WHERE r.meter = ANY (${[...meters]}::text[]) AND (${tenantId ?? null}::uuid IS NULL OR t.id = ${tenantId ?? null}::uuid)
            AND r.day < (${now}::timestamptz AT TIME ZONE t.time_zone)::date
            AND r.day >= (${now}::timestamptz AT TIME ZONE t.time_zone)::date - ${DAYS_BACK}::int
          GROUP BY r.tenant_id, t.currency, r.meter, r.day, t.time_zone) u
    LEFT JOIN LATERAL (SELECT max(told_quantity) AS told, max(sequence) AS sequence FROM meter_pushes p
                       WHERE p.tenant_id = u.tenant_id AND p.meter = u.meter AND p.day = u.day) p ON true
    WHERE u.recorded > coalesce(p.told, 0)
    ORDER BY u.day, u.tenant_id, u.meter`;
}

/** Freezes what Stripe will be told of a day, before it is told; the row's id is the event's identifier. */
export async function insertMeterPush(
  db: Db,
  usage: UntoldUsage,
  { customerId, eventName, now }: { customerId: string; eventName: string; now: Date },
): Promise<void> {
  const { tenantId, meter, day, recorded, told, sequence } = usage;
  await db.meterPush.createMany({
    data: {
      id: newId(),
      tenantId,
      meter,
      day: new Date(`${day}T00:00:00Z`),
      sequence: sequence + 1,
      customerId,
      eventName,
      quantity: recorded - told,
      toldQuantity: recorded,
      state: 'sent',
      firstSentAt: now,
      wakeAt: now,
    },
    skipDuplicates: true,
  });
}
