import * as z from 'zod';

/** An amount in millionths of a currency's unit: 1.50 CZK is 1_500_000n. */
export type Micros = bigint;

const MICROS_PER_UNIT = 1_000_000n;

const supportedCurrencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** An ISO 4217 alphabetic code in upper case, among those in use that the runtime's Intl data knows. */
export const Currency = z.string().refine((code) => supportedCurrencies.has(code), {
  error: 'expected an ISO 4217 currency code in upper case, such as CZK',
});
export type Currency = z.infer<typeof Currency>;

export type Money = { amountMicros: Micros; currency: Currency };

/**
 * The amount as a decimal string without loss: at least two decimals, no further trailing zeros
 * ("1.50", "0.0625", "-3.00"). This is the form of money in JSON.
 */
export function formatMicros(micros: Micros): string {
  const sign = micros < 0n ? '-' : '';
  const magnitude = micros < 0n ? -micros : micros;
  const fraction = (magnitude % MICROS_PER_UNIT).toString().padStart(6, '0');
  const significant = fraction.replace(/0+$/, '').padEnd(2, '0');
  return `${sign}${magnitude / MICROS_PER_UNIT}.${significant}`;
}

/** A string that is not a decimal amount which micros can hold. */
export class InvalidDecimalError extends Error {
  override readonly name = 'InvalidDecimalError';
}

// Twelve whole digits keep every accepted amount inside PostgreSQL's bigint.
const DECIMAL = /^(-?)(0|[1-9]\d{0,11})(?:\.(\d{1,6}))?$/;

/**
 * The micros of a decimal string such as "1.5" or "-0.0625": up to twelve digits before the point and
 * six after it. Throws InvalidDecimalError for anything else, a seventh decimal included, because
 * dropping it would be silent rounding.
 */
export function parseDecimalToMicros(text: string): Micros {
  const match = DECIMAL.exec(text);
  if (match === null) {
    const shown = JSON.stringify(text.slice(0, 40));
    throw new InvalidDecimalError(
      `expected a decimal amount such as "1.50", with at most 12 digits before the point and 6 after it, got ${shown}`,
    );
  }
  const [, sign, whole = '', fraction = ''] = match;
  const magnitude = BigInt(whole) * MICROS_PER_UNIT + BigInt(fraction.padEnd(6, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/**
 * The amount for people in the given BCP 47 locale, with the currency's usual decimals and up to six
 * where the amount has them ("0,0625 US$" stays a unit price). Never rounds.
 */
export function formatMoney(money: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    minimumFractionDigits: minorUnits(money.currency),
    maximumFractionDigits: 6,
  });
  // A string keeps every digit; a number would lose them above 2^53 micros.
  return format.format(formatMicros(money.amountMicros) as Intl.StringNumericLiteral);
}

/** How many decimals the currency's minor unit has by ISO 4217: 0 for JPY, 2 for CZK, 3 for KWD. */
export function minorUnits(currency: Currency): number {
  return minorUnitsUnlikeIntl.get(currency) ?? minorUnitsOfIntl(currency);
}

// Intl gives the decimals that people write (no fillér in Hungary), which for these currencies are not
// those of ISO 4217. An amount of 1500 HUF handed over as "1500" minor units would be collected as 15 HUF.
const minorUnitsUnlikeIntl: ReadonlyMap<Currency, number> = new Map([
  ['IQD', 3],
  ...'AFN ALL COP HUF IDR IRR KPW LAK LBP MGA MMK PKR RSD SLL SOS SYP YER'
    .split(' ')
    .map((code): [Currency, number] => [code, 2]),
]);

function minorUnitsOfIntl(currency: Currency): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  if (maximumFractionDigits === undefined) throw new RangeError(`no minor unit is known for ${currency}`);
  return maximumFractionDigits;
}

/** The micros of an amount in minor units, exact: 150n hellers of CZK are 1_500_000n. */
export function minorUnitsToMicros(amountMinor: bigint, currency: Currency): Micros {
  return amountMinor * microsPerMinorUnit(currency);
}

/** The micros in one minor unit of the currency: 10_000n for CZK, 1_000_000n for JPY. */
export function microsPerMinorUnit(currency: Currency): Micros {
  return 10n ** BigInt(6 - minorUnits(currency));
}
