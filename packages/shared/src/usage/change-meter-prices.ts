import type { MeterPrice } from '../generated/prisma/client.ts';
import { newId } from '../ids/ids.ts';
import { decidePriceChange, type PriceSpan } from '../pricing/decide-price-change.ts';
import type { Db } from '../runtime/database.ts';

/** What a price holds for; null means any. Prices of one scope follow one another. */
export type MeterPriceScope = {
  meter: string;
  currency: string;
  planId: string | null;
  tenantId: string | null;
};

export type NewMeterPrice = MeterPriceScope &
  Omit<PriceSpan, 'id'> & { unitPriceMicros: bigint; createdBy: string };

export type AddedMeterPrice = { kind: 'added'; price: MeterPrice } | { kind: 'overlaps'; with: MeterPrice };

/**
 * Adds a price of a meter and ends the one of its scope that it takes the place of. What was recorded
 * keeps its price: it stands on the event. Returns the price that stands in the way where one does.
 */
export async function addMeterPrice(db: Db, price: NewMeterPrice): Promise<AddedMeterPrice> {
  await lockPriceList(db);
  const { meter, currency, planId, tenantId, validFrom, validUntil } = price;
  const standing = await db.meterPrice.findMany({ where: { meter, currency, planId, tenantId } });
  const decided = decidePriceChange(standing, { validFrom, validUntil });
  if (decided.kind === 'overlaps') {
    return { kind: 'overlaps', with: standing.find(({ id }) => id === decided.id) as MeterPrice };
  }
  await db.meterPrice.updateMany({ where: { id: { in: decided.ends } }, data: { validUntil: validFrom } });
  return { kind: 'added', price: await db.meterPrice.create({ data: { id: newId(), ...price } }) };
}

/**
 * Removes a price that has not begun, and lets the one that it would have ended go on instead. Returns
 * whether it was there and had not begun.
 */
export async function removeMeterPrice(db: Db, id: string, now: Date): Promise<boolean> {
  await lockPriceList(db);
  const price = await db.meterPrice.findUnique({ where: { id } });
  if (!price || price.validFrom <= now) return false;
  const { meter, currency, planId, tenantId, validFrom, validUntil } = price;
  await db.meterPrice.delete({ where: { id } });
  if (validUntil === null) {
    const before = { meter, currency, planId, tenantId, validUntil: validFrom };
    await db.meterPrice.updateMany({ where: before, data: { validUntil: null } });
  }
  return true;
}

/** One change at a time: two could each miss the other's row. */
async function lockPriceList(db: Db): Promise<void> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('tollgate meter price list', 0))::text`;
}
