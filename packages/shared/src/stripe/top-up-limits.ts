import { type Currency, type Micros, minorUnitsToMicros } from '../money/money.ts';

export type TopUpLimits = { smallestMicros: Micros; largestMicros: Micros };

/**
 * The smallest and the largest top-up, in whole units of the currency. The smallest is above Stripe's
 * own minimum and keeps the fee of a card payment in proportion; the largest bounds a typo.
 */
const limits: Readonly<Record<string, { smallest: bigint; largest: bigint }>> = {
  CHF: { smallest: 5n, largest: 5_000n },
  CZK: { smallest: 100n, largest: 100_000n },
  DKK: { smallest: 40n, largest: 40_000n },
  EUR: { smallest: 5n, largest: 5_000n },
  GBP: { smallest: 5n, largest: 5_000n },
  HUF: { smallest: 2_000n, largest: 2_000_000n },
  NOK: { smallest: 50n, largest: 50_000n },
  PLN: { smallest: 20n, largest: 20_000n },
  RON: { smallest: 25n, largest: 25_000n },
  SEK: { smallest: 50n, largest: 50_000n },
  USD: { smallest: 5n, largest: 5_000n },
};

const MICROS_PER_UNIT = 1_000_000n;

/** The limits of a currency; null where credit cannot be bought with a card in it. */
export function topUpLimits(currency: Currency): TopUpLimits | null {
  const found = limits[currency];
  if (!found) return null;
  return {
    smallestMicros: found.smallest * MICROS_PER_UNIT,
    largestMicros: found.largest * MICROS_PER_UNIT,
  };
}

export type TopUpAmount =
  | { fits: true; netMinor: bigint }
  | { fits: false; reason: 'currency' | 'fraction' | 'too_small' | 'too_large'; limits: TopUpLimits | null };

/** Whether an amount can be bought: within the limits, and in whole minor units, which cards know alone. */
export function checkTopUpAmount(amountMicros: Micros, currency: Currency): TopUpAmount {
  const found = topUpLimits(currency);
  if (found === null) return { fits: false, reason: 'currency', limits: null };
  if (amountMicros < found.smallestMicros) return { fits: false, reason: 'too_small', limits: found };
  if (amountMicros > found.largestMicros) return { fits: false, reason: 'too_large', limits: found };
  const perMinorUnit = minorUnitsToMicros(1n, currency);
  if (amountMicros % perMinorUnit !== 0n) return { fits: false, reason: 'fraction', limits: found };
  return { fits: true, netMinor: amountMicros / perMinorUnit };
}
