import type { SmsPrice } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import { addToPriceList, type ListedChange, removeFromPriceList } from './change-price-list.ts';
import type { PriceSpan } from './decide-price-change.ts';

/** What a price holds for; null means any. Prices of one scope follow one another. */
export type PriceScope = {
  currency: string;
  country: string | null;
  planId: string | null;
  tenantId: string | null;
};

export type NewPrice = PriceScope &
  Omit<PriceSpan, 'id'> & { per: 'segment' | 'message'; unitPriceMicros: bigint; createdBy: string };

export type AddedPrice = ListedChange<SmsPrice>;

/**
 * Adds a price and ends the one of its scope that it takes the place of. Quotes that were given keep
 * their price: it stands on the message. Returns the price that stands in the way where one does.
 */
export async function addPrice(db: Db, price: NewPrice): Promise<AddedPrice> {
  await lockPriceList(db);
  const { currency, country, planId, tenantId } = price;
  const standing = await db.smsPrice.findMany({ where: { currency, country, planId, tenantId } });
  return addToPriceList(db.smsPrice, standing, price);
}

/**
 * Removes a price that has not begun, and lets the one that it would have ended go on instead, until
 * whatever ends that. Returns whether it was there and had not begun.
 */
export async function removePrice(db: Db, id: string, now: Date): Promise<boolean> {
  await lockPriceList(db);
  return removeFromPriceList(db.smsPrice, id, now);
}

/** One change at a time: two could each miss the other's row. */
async function lockPriceList(db: Db): Promise<void> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended('tollgate price list', 0))::text`;
}
