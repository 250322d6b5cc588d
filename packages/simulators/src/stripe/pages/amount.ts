const wholeCurrencies = new Set([
  'bif',
  'clp',
  'djf',
  'gnf',
  'jpy',
  'kmf',
  'krw',
  'pyg',
  'rwf',
  'vnd',
  'xaf',
  'xof',
]);

/** Returns an amount in minor units as people write it, with its currency. */
export function amountText(amount: number, currency: string): string {
  const digits = wholeCurrencies.has(currency) ? 0 : 2;
  const text = (amount / 10 ** digits).toLocaleString('en', { minimumFractionDigits: digits });
  return `${text} ${currency.toUpperCase()}`;
}

/** Returns an instant in seconds as date and time in UTC. */
export function timeText(instant: number): string {
  return new Date(instant * 1000).toISOString().slice(0, 19).replace('T', ' ');
}
