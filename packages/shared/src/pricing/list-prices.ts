import type { Db } from '../runtime/database.ts';
import type { PriceRow } from './choose-price.ts';

/** Every price row of the currency that could apply to the tenant at the instant. */
export async function listPrices(
  db: Db,
  { currency, tenantIds, at }: { currency: string; tenantIds: string[]; at: Date },
): Promise<PriceRow[]> {
  const rows = await db.smsPrice.findMany({
    where: {
      currency,
      validFrom: { lte: at },
      AND: [
        { OR: [{ validUntil: null }, { validUntil: { gt: at } }] },
        { OR: [{ tenantId: null }, { tenantId: { in: tenantIds } }] },
      ],
    },
  });
  return rows.map((row) => ({ ...row, per: row.per as PriceRow['per'] }));
}
