import { formatMoney, parseDecimalToMicros } from '@tollgate/shared/money/money.ts';

/** How a mail in one language writes what it was given as text. */
export type MailFormats = {
  /** A decimal string with its currency. Throws InvalidDecimalError for an amount that is none. */
  money(amount: string, currency: string): string;
  /** A decimal string that counts something. */
  count(text: string): string;
  /** YYYY-MM-DD */
  day(date: string): string;
  /** The grammatical number of a count, for the plural. */
  plural(count: number): Intl.LDMLPluralRule;
};

export function createMailFormats(locale: string): MailFormats {
  const whole = new Intl.NumberFormat(locale);
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const plurals = new Intl.PluralRules(locale);
  return {
    money: (amount, currency) =>
      formatMoney({ amountMicros: parseDecimalToMicros(amount), currency }, locale),
    count: (text) => (/^\d+(\.0+)?$/.test(text) ? whole.format(BigInt(text.split('.')[0] ?? '0')) : text),
    day: (text) => date.format(new Date(text)),
    plural: (count) => plurals.select(count),
  };
}
