import { microsPerMinorUnit } from '@tollgate/shared/money/money.ts';
import { roundToMinorUnits } from '@tollgate/shared/money/round-to-minor-units.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { lastLocalDay, localDate } from '@tollgate/shared/time/local-time.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import type { InvoiceSource, SourceLine } from './read-source.ts';

/** Where an item goes: on a subscription's next invoice, or on a draft of our own. */
export type ItemPlace = { customer: string; subscription: string } | { customer: string; invoice: string };

/** A configured Price as Stripe has it. `unitMicros` is null where micros cannot hold the amount. */
export type SmsPrice = { id: string; product: string; unitMicros: bigint | null };

/** What is sent to `POST /v1/invoiceitems`, but for the metadata; one of three ways to say what it costs. */
export type ItemParams = {
  customer: string;
  subscription?: string;
  invoice?: string;
  currency: string;
  description: string;
  discountable: false;
  /** Unix seconds, both ends inclusive. */
  period: { start: number; end: number };
  tax_behavior?: 'exclusive';
  tax_rates?: string[];
  amount?: number;
  pricing?: { price: string };
  price_data?: { currency: string; product: string; unit_amount: number; tax_behavior: 'exclusive' };
  quantity?: number;
};

export type ItemChoice = { place: ItemPlace; price: SmsPrice | null; taxRates: readonly string[] };

/** Stripe's limit is 5,000 characters; a line of an invoice wants to be read. */
const DESCRIPTION_LENGTH_MAX = 500;

/**
 * What an invoice asks for as one item: quantity times the configured Price where that is the whole
 * truth, else the total that we rounded once, so that Stripe's arithmetic cannot differ from ours.
 */
export function buildItem(source: InvoiceSource, { place, price, taxRates }: ItemChoice): ItemParams {
  const frame = frameOf(source, place, taxRates, describe(source));
  const quantity = price && pricedQuantity(source, price);
  if (price && quantity) return { ...frame, pricing: { price: price.id }, quantity };
  return { ...frame, ...asAmount(source.currency, source.totalMinor, price) };
}

/**
 * What an invoice asks for as an item per line: each in minor units, and what their rounding leaves in
 * a line of its own. One item where the lines do not add up to the total or are more than `itemsMax`.
 */
export function buildItems(source: InvoiceSource, choice: ItemChoice, itemsMax: number): ItemParams[] {
  const { currency, totalMinor, lines } = source;
  const priced = choice.price && pricedQuantity(source, choice.price);
  const asked = lines
    .map((line) => ({ text: textOf(line), minor: roundToMinorUnits(line.amountMicros, currency) }))
    .filter(({ minor }) => minor !== 0n);
  const left = totalMinor - asked.reduce((sum, { minor }) => sum + minor, 0n);
  const items = left === 0n ? asked : [...asked, { text: 'Rounding', minor: left }];
  const isSplit = source.linesAddUp && !priced && items.length > 1 && items.length <= itemsMax;
  if (!isSplit) return [buildItem(source, choice)];
  return items.map(({ text, minor }) => ({
    ...frameOf(source, choice.place, choice.taxRates, text),
    ...asAmount(currency, minor, choice.price),
  }));
}

/**
 * What an item has to come to in minor units. One by a Price stands for the whole invoice: it is used
 * only where Stripe's rounding gives exactly our total.
 */
export function amountOf(item: ItemParams, wholeMinor: bigint): bigint {
  const amount = item.amount ?? item.price_data?.unit_amount;
  return amount === undefined ? wholeMinor : BigInt(amount);
}

/** The micros of Stripe's decimal of minor units; null where micros cannot hold it. */
export function unitMicrosOf(unitAmountDecimal: string, currency: string): bigint | null {
  const [whole = '', fraction = ''] = unitAmountDecimal.split('.');
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * microsPerMinorUnit(currency);
  return scaled % scale === 0n ? scaled / scale : null;
}

/** How many segments the Price is for; null where anything else is on the invoice, or it would round otherwise. */
function pricedQuantity(
  { lines, linesAddUp, totalMinor, currency }: InvoiceSource,
  price: SmsPrice,
): number | null {
  const isPriced = ({ kind, meter, unitPriceMicros }: SourceLine) =>
    kind === 'usage' && meter === SMS_METER && unitPriceMicros === price.unitMicros;
  if (!linesAddUp || price.unitMicros === null || !lines.every(isPriced)) return null;
  const quantity = lines.reduce((sum, line) => sum + line.quantity, 0n);
  const micros = lines.reduce((sum, line) => sum + line.amountMicros, 0n);
  const fits =
    quantity > 0n &&
    quantity <= BigInt(Number.MAX_SAFE_INTEGER) &&
    micros === quantity * price.unitMicros &&
    roundToMinorUnits(micros, currency) === totalMinor;
  return fits ? Number(quantity) : null;
}

function frameOf(
  { currency, startsAt, endsAt }: InvoiceSource,
  place: ItemPlace,
  taxRates: readonly string[],
  description: string,
) {
  return {
    ...place,
    currency: currency.toLowerCase(),
    description,
    discountable: false as const,
    period: {
      start: Math.floor(startsAt.getTime() / SECOND_MS),
      end: Math.floor(endsAt.getTime() / SECOND_MS) - 1,
    },
    ...(taxRates.length > 0 && { tax_rates: [...taxRates] }),
  };
}

function asAmount(currency: string, minor: bigint, price: SmsPrice | null) {
  const amount = toSafeNumber(minor);
  if (price === null) return { amount, tax_behavior: 'exclusive' as const };
  const data = { product: price.product, unit_amount: amount, tax_behavior: 'exclusive' as const };
  return { price_data: { currency: currency.toLowerCase(), ...data }, quantity: 1 };
}

function describe({ lines, startsAt, endsAt, timeZone }: InvoiceSource): string {
  const days = `${localDate(startsAt, timeZone)} to ${lastLocalDay(endsAt, timeZone)}`;
  return `Usage ${days}: ${lines.map(textOf).join('; ')}`.slice(0, DESCRIPTION_LENGTH_MAX);
}

const countedKinds = new Set<SourceLine['kind']>(['usage', 'late_usage', 'charge', 'late_charge']);

function textOf({ kind, quantity, description }: SourceLine): string {
  return countedKinds.has(kind)
    ? `${quantity} × ${description}`.slice(0, DESCRIPTION_LENGTH_MAX)
    : description.toLowerCase().slice(0, DESCRIPTION_LENGTH_MAX);
}

/** Stripe takes amounts as JSON numbers of minor units, at most 12 digits. */
function toSafeNumber(amountMinor: bigint): number {
  if (amountMinor > 999_999_999_999n)
    throw new RangeError(`${amountMinor} minor units are more than Stripe takes`);
  return Number(amountMinor);
}
