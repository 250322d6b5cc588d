// Percent of the amount before tax, by the customer's country; elsewhere there is none.
const simulatedTaxPercent: Record<string, number> = { CZ: 21, SK: 23 };

/** Returns the tax that automatic tax adds here, in minor units: a stand-in for Stripe Tax, by country only. */
export function simulatedTax(amount: number, country: string | null | undefined): number {
  return Math.round((amount * (simulatedTaxPercent[country ?? ''] ?? 0)) / 100);
}
