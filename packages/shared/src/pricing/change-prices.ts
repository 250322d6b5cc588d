import type { SmsPrice } from '../generated/prisma/client.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { decidePriceChange, type PriceSpan } from './decide-price-change.ts';

/** What a price holds for; null means any. Prices of one scope follow one another. */
export type PriceScope = {
  currency: string;
  country: string | null;
  planId: string | null;
  tenantId: string | null;
};

export type NewPrice = PriceScope &
  Omit<PriceSpan, 'id'> & { per: 'segment' | 'message'; unitPriceMicros: bigint; createdBy: string };

export type AddedPrice = { kind: 'added'; price: SmsPrice } | { kind: 'overlaps'; with: SmsPrice };

/**
 * Adds a price and ends the one of its scope that it takes the place of. Quotes that were given keep
 * their price: it stands on the message. Returns the price that stands in the way where one does.
 */
export async function addPrice(db: Db, price: NewPrice): Promise<AddedPrice> {
  await lockPriceList(db);
  const { currency, country, planId, tenantId, validFrom, validUntil } = price;
  const standing = await db.smsPrice.findMany({ where: { currency, country, planId, tenantId } });
  const decided = decidePriceChange(standing, { validFrom, validUntil });
  if (decided.kind === 'overlaps') {
    return { kind: 'overlaps', with: standing.find(({ id }) => id === decided.id) as SmsPrice };
  }
  await db.smsPrice.updateMany({ where: { id: { in: decided.ends } }, data: { validUntil: validFrom } });
  return { kind: 'added', price: await db.smsPrice.create({ data: { id: newId(), ...price } }) };
}

/**
 * Removes a price that has not begun, and lets the one that it would have ended go on instead. Returns
 * whether it was there and had not begun.
 */
export async function removePrice(db: Db, id: string, now: Date): Promise<boolean> {
  await lockPriceList(db);
  const price = await db.smsPrice.findUnique({ where: { id } });
  if (!price || price.validFrom <= now) return false;
  const { currency, country, planId, tenantId, validFrom, validUntil } = price;
  await db.smsPrice.delete({ where: { id } });
  if (validUntil === null) {
    const before = { currency, country, planId, tenantId, validUntil: validFrom };
    await db.smsPrice.updateMany({ where: before, data: { validUntil: null } });
  }
  return true;
}

/** One change at a time: two could each miss the other's row. */
async function lockPriceList(db: Db): Promise<void> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('tollgate price list', 0))::text`;
}
