import { formatMicros, formatMoney, minorUnits, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';

/** How amounts, counts and days of one document are written. */
export type Formats = {
  /** With the currency's sign or code. */
  money(amountMinor: bigint): string;
  /** Without it, for columns that name it; up to six decimals where the amount has them. */
  amount(amountMicros: bigint): string;
  count(quantity: bigint): string;
  /** Basis points: 2100 is 21 %. */
  rate(bps: number): string;
  /** YYYY-MM-DD, which is a local day already. */
  day(date: string): string;
  days(first: string, last: string): string;
  country(code: string): string;
};

export function createFormats(locale: string, currency: string): Formats {
  const decimal = new Intl.NumberFormat(locale, {
    minimumFractionDigits: minorUnits(currency),
    maximumFractionDigits: 6,
  });
  const whole = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const long = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const regions = new Intl.DisplayNames(locale, { type: 'region' });
  return {
    money: (amountMinor) =>
      formatMoney({ amountMicros: minorUnitsToMicros(amountMinor, currency), currency }, locale),
    // A string keeps every digit; a number would lose them above 2^53 micros.
    amount: (amountMicros) => decimal.format(formatMicros(amountMicros) as Intl.StringNumericLiteral),
    count: (quantity) => whole.format(quantity),
    rate: (bps) => percent.format(bps / 10_000),
    day: (text) => date.format(new Date(text)),
    days: (first, last) => long.formatRange(new Date(first), new Date(last)),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (regions.of(code) ?? code) : code),
  };
}
