import { type Currency, type Micros, microsPerMinorUnit } from './money.ts';

/**
 * The amount in whole minor units of the currency (hellers, cents, yen), rounded half away from zero:
 * 0.005 CZK is 1n, -0.005 CZK is -1n.
 *
 * This is the only place where money is rounded, once per invoice line. Half away from zero is what
 * people expect on an invoice and is symmetric, so a credit note cancels its invoice to the heller.
 */
export function roundToMinorUnits(micros: Micros, currency: Currency): bigint {
  const divisor = microsPerMinorUnit(currency);
  const magnitude = micros < 0n ? -micros : micros;
  const rounded = (2n * magnitude + divisor) / (2n * divisor);
  return micros < 0n ? -rounded : rounded;
}
