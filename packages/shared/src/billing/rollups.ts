import type { Db } from '../runtime/database.ts';

/** Usage of one local day at one price, taken by an invoice. */
export type StampedRollup = {
  id: string;
  /** YYYY-MM-DD */
  day: string;
  meter: string;
  country: string;
  unitPriceMicros: bigint;
  eventCount: bigint;
  quantity: bigint;
  amountMicros: bigint;
};

/** Locks the tenant's open roll-ups of the days before `beforeDay`, so that they can be stamped. */
export function lockOpenRollups(
  db: Db,
  { tenantId, currency, beforeDay }: { tenantId: string; currency: string; beforeDay: string },
): Promise<StampedRollup[]> {
  return db.$queryRaw<StampedRollup[]>`
    SELECT id, to_char(day, 'YYYY-MM-DD') AS day, meter, country, unit_price_micros AS "unitPriceMicros",
           event_count AS "eventCount", quantity, amount_micros AS "amountMicros"
    FROM usage_rollups
    WHERE tenant_id = ${tenantId}::uuid AND currency = ${currency} AND invoice_id IS NULL AND day < ${beforeDay}::date
    ORDER BY day, meter, country, unit_price_micros
    FOR UPDATE`;
}

/** Gives locked roll-ups to the invoice: they are on it and on no other. */
export async function stampRollups(db: Db, ids: readonly string[], invoiceId: string): Promise<void> {
  const stamped = await db.usageRollup.updateMany({
    where: { id: { in: [...ids] }, invoiceId: null },
    data: { invoiceId },
  });
  if (stamped.count !== ids.length)
    throw new Error(`${ids.length - stamped.count} roll-ups were taken by another invoice`);
}
