/** An exact decimal number: `units / 10^scale`. */
interface Decimal {
  units: bigint;
  scale: number;
}

/**
 * Returns unit amount times quantity as a whole number of minor units. Ties go away from zero; Stripe rounds each
 * invoice line this way, after multiplying and before adding.
 */
export function lineAmount(unitAmountDecimal: string, quantityDecimal: string): number {
  const unit = parseDecimal(unitAmountDecimal);
  const quantity = parseDecimal(quantityDecimal);
  return Number(roundHalfUp(unit.units * quantity.units, unit.scale + quantity.scale));
}

/** Returns a decimal number in its shortest writing: `1.50` becomes `1.5`. */
export function shortestDecimal(text: string): string {
  const shortened = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return shortened.replace(/^(-?)0+(?=\d)/, '$1');
}

/** Returns the number if it is whole, otherwise null. */
export function wholeOrNull(text: string): number | null {
  const shortest = shortestDecimal(text);
  return shortest.includes('.') ? null : Number(shortest);
}

/** Returns the number without its fraction. */
export function truncate(text: string): number {
  return Number(text.split('.')[0]);
}

function parseDecimal(text: string): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  return { units: BigInt(whole + fraction), scale: fraction.length };
}

function roundHalfUp(units: bigint, scale: number): bigint {
  const divisor = 10n ** BigInt(scale);
  const size = units < 0n ? -units : units;
  const rounded = (2n * size + divisor) / (2n * divisor);
  return units < 0n ? -rounded : rounded;
}
