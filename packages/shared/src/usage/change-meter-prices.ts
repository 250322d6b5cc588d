import type { MeterPrice } from '../generated/prisma/client.ts';
import { addToPriceList, type ListedChange, removeFromPriceList } from '../pricing/change-price-list.ts';
import type { PriceSpan } from '../pricing/decide-price-change.ts';
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

export type AddedMeterPrice = ListedChange<MeterPrice>;

/**
 * Adds a price of a meter and ends the one of its scope that it takes the place of. What was recorded
 * keeps its price: it stands on the event. Returns the price that stands in the way where one does.
 */
export async function addMeterPrice(db: Db, price: NewMeterPrice): Promise<AddedMeterPrice> {
  await lockPriceList(db);
  const { meter, currency, planId, tenantId } = price;
  const standing = await db.meterPrice.findMany({ where: { meter, currency, planId, tenantId } });
  return addToPriceList(db.meterPrice, standing, price);
}

/**
 * Removes a price that has not begun, and lets the one that it would have ended go on instead, until
 * whatever ends that. Returns whether it was there and had not begun.
 */
export async function removeMeterPrice(db: Db, id: string, now: Date): Promise<boolean> {
  await lockPriceList(db);
  return removeFromPriceList(db.meterPrice, id, now);
}

/** One change at a time: two could each miss the other's row. */
async function lockPriceList(db: Db): Promise<void> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('tollgate meter price list', 0))::text`;
}
