import { type Currency, type Micros, microsPerMinorUnit } from './money.ts';

/**
 * The amount in whole minor units of the currency (hellers, cents, yen), rounded half away from zero:
 * 0.005 CZK is 1n, -0.005 CZK is -1n.
 *
 * This is the only place where money is rounded, once per invoice. Half away from zero is what
 * people expect on an invoice and is symmetric, so a credit note cancels its invoice to the heller.
 */
export function roundToMinorUnits(micros: Micros, currency: Currency): bigint {
  return divideRounded(micros, microsPerMinorUnit(currency));
}

/** A quotient rounded half away from zero; throws RangeError unless the divisor is positive. */
export function divideRounded(dividend: bigint, divisor: bigint): bigint {
  if (divisor <= 0n) throw new RangeError(`cannot divide by ${divisor}`);
  const magnitude = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * magnitude + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}
