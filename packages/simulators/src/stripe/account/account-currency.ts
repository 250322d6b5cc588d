/** The currency of the simulated account: Stripe falls back to it for a customer that has none yet. */
export const accountCurrency = 'usd';
