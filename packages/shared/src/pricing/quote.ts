import type { Micros } from '../money/money.ts';
import type { PriceRow } from './choose-price.ts';

/** What one message costs its tenant, as stored on the message when it is accepted. */
export type MessageQuote = {
  unitPriceMicros: Micros;
  per: PriceRow['per'];
  /** Segments for a price per segment, 1 for a price per message. */
  quantity: number;
  priceMicros: Micros;
};

/**
 * The quote for a message of the given number of segments, in the price's currency and unrounded.
 * Throws RangeError unless the segments are a positive whole number: an empty body has no price.
 */
export function quoteMessage(
  price: Pick<PriceRow, 'per' | 'unitPriceMicros'>,
  segments: number,
): MessageQuote {
  if (!Number.isSafeInteger(segments) || segments < 1) {
    throw new RangeError(`a message has at least one segment, got ${segments}`);
  }
  const quantity = price.per === 'segment' ? segments : 1;
  return {
    unitPriceMicros: price.unitPriceMicros,
    per: price.per,
    quantity,
    priceMicros: price.unitPriceMicros * BigInt(quantity),
  };
}
