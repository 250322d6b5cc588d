// In minor units, by settlement currency; from Stripe's page on supported currencies.
const minimums: Record<string, number> = {
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  huf: 17_500,
  nok: 300,
  pln: 200,
  ron: 200,
  sek: 300,
  usd: 50,
};

/** Returns the smallest amount Stripe charges in a currency, in minor units; 50 where none is listed. */
export function minimumCharge(currency: string): number {
  return minimums[currency] ?? 50;
}
