import { divideRounded } from '../../money/round-to-minor-units.ts';
import { type Vat, vatOf } from '../decide-vat.ts';

export type TaxedPayment = {
  netMinor: bigint;
  /** As it was really paid, whoever computed it. */
  vatMinor: bigint;
  /** By our own rules; null where they know no rate. */
  decided: Vat | null;
  /** Every rate that is known, in basis points; the likelier first. */
  ratesBps: readonly number[];
};

export type PaidTax = Vat & {
  /** False where what was paid is not what our rules say: somebody has to look at it. */
  isAsDecided: boolean;
};

/**
 * What the document of a payment says of its VAT. The amount is what was paid: tax that was charged is
 * owed, even where it should not have been (Directive 2006/112/EC, article 203). Treatment and rate are
 * those of our own rules where the amount is theirs, give or take a minor unit of rounding.
 */
export function taxOfPayment({ netMinor, vatMinor, decided, ratesBps }: TaxedPayment): PaidTax {
  if (decided && fits(netMinor, vatMinor, decided)) return { ...decided, isAsDecided: true };
  if (vatMinor === 0n) return { treatment: 'none', rateBps: 0, isAsDecided: false };
  const known = ratesBps.find((rateBps) => vatOf(netMinor, rateBps) === vatMinor);
  const rateBps = known ?? Number(divideRounded(vatMinor * BASIS_POINTS, netMinor));
  return { treatment: 'standard', rateBps, isAsDecided: false };
}

const BASIS_POINTS = 10_000n;

function fits(netMinor: bigint, vatMinor: bigint, { treatment, rateBps }: Vat): boolean {
  if (treatment !== 'standard') return vatMinor === 0n;
  const expectedMinor = vatOf(netMinor, rateBps);
  const difference = vatMinor - expectedMinor;
  return difference === 0n || (vatMinor > 0n && difference >= -1n && difference <= 1n);
}
