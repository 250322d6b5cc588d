// In minor units, by settlement currency: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
const minimums: Record<string, bigint> = {
  CHF: 50n,
  CZK: 1_500n,
  DKK: 250n,
  EUR: 50n,
  GBP: 30n,
  HUF: 17_500n,
  NOK: 300n,
  PLN: 200n,
  RON: 200n,
  SEK: 300n,
  USD: 50n,
};

/** The smallest amount that Stripe collects, in minor units: less is marked as paid without any money. */
export function minimumCharge(currency: string): bigint {
  return minimums[currency] ?? 50n;
}
