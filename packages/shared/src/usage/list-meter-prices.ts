import type { Db } from '../runtime/database.ts';
import type { MeterPriceRow } from './choose-meter-price.ts';

/** Every price row of the meters that could apply to one of the tenants at an instant of the span. */
export function listMeterPrices(
  db: Db,
  { meters, tenantIds, from, to }: { meters: string[]; tenantIds: string[]; from: Date; to: Date },
): Promise<MeterPriceRow[]> {
  return db.meterPrice.findMany({
    where: {
      meter: { in: meters },
      validFrom: { lte: to },
      AND: [
        { OR: [{ validUntil: null }, { validUntil: { gt: from } }] },
        { OR: [{ tenantId: null }, { tenantId: { in: tenantIds } }] },
      ],
    },
  });
}
