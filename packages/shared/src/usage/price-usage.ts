import { chooseMeterPrice, type MeterPriceRow } from './choose-meter-price.ts';
import type { Meter } from './meters.ts';

/** Whose prices hold. */
export type Payer = { tenantId: string; planId: string; currency: string };

export type UnpricedUsage = {
  quantity: bigint;
  occurredAt: Date;
  /** The first instant of its local day. */
  dayStartsAt: Date;
};

export type UsagePrice = { unitPriceMicros: bigint; amountMicros: bigint };

/**
 * What an event costs when it is recorded; without a price it is counted only. A reading of a level
 * (max, last) costs nothing by itself: its day does, at the price that holds when the day begins.
 */
export function priceUsage(
  prices: readonly MeterPriceRow[],
  meter: Pick<Meter, 'id' | 'aggregation'>,
  payer: Payer,
  { quantity, occurredAt, dayStartsAt }: UnpricedUsage,
): UsagePrice {
  const isSummed = meter.aggregation === 'sum';
  const at = isSummed ? occurredAt : dayStartsAt;
  const unitPriceMicros = chooseMeterPrice(prices, { ...payer, meter: meter.id, at })?.unitPriceMicros ?? 0n;
  return { unitPriceMicros, amountMicros: isSummed ? quantity * unitPriceMicros : 0n };
}
