import { divideRounded } from '../../money/round-to-minor-units.ts';

const BASIS_POINTS = 10_000n;

/**
 * The VAT in an amount that includes it, in minor units: the amount less its base, which is rounded half
 * away from zero, once (top-down, as for prices with tax).
 */
export function containedVat(grossMinor: bigint, rateBps: number): bigint {
  return grossMinor - divideRounded(grossMinor * BASIS_POINTS, BASIS_POINTS + BigInt(rateBps));
}
