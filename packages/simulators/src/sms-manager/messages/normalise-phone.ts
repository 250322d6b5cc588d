/**
 * Returns the digits the provider would dial: separators and leading zeros dropped, and the prefix of the account's
 * country (Czechia) put before a bare national number of nine digits.
 */
export function normalisePhone(raw: string): string {
  const digits = raw.replace(/\D/g, '').replace(/^0+/, '');
  return /^[2-9]\d{8}$/.test(digits) ? `420${digits}` : digits;
}

/** Tells whether normalised digits can be a phone number: E.164 length, and exactly nine digits after 420 or 421. */
export function isDialable(digits: string): boolean {
  if (/^42[01]/.test(digits)) return /^42[01][1-9]\d{8}$/.test(digits);
  return /^[1-9]\d{6,14}$/.test(digits);
}
