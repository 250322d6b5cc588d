export type MeterFacts = {
  /** Whether its usage is on our invoices, or was paid when it was captured. */
  isBilledByUs: boolean;
  /** Whether a price of the tenant's subscription at Stripe is for this meter. */
  isBilledByStripe: boolean;
  /** Whether the tenant's usage is meant to be collected by the meter. */
  isMeantToBill: boolean;
};

/**
 * Whether a tenant's usage of a meter is told to Stripe. A meter is billed one way only: what both would
 * bill is not told, and what neither would bill is told, but somebody has to know.
 */
export function decideMeter({
  isBilledByUs,
  isBilledByStripe,
  isMeantToBill,
}: MeterFacts):
  | { tell: true; alert: null | 'meter_billed_nowhere' }
  | { tell: false; alert: 'meter_billed_twice' } {
  if (isBilledByUs && isBilledByStripe) return { tell: false, alert: 'meter_billed_twice' };
  return { tell: true, alert: isMeantToBill && !isBilledByStripe ? 'meter_billed_nowhere' : null };
}
