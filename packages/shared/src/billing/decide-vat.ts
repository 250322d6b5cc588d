import { divideRounded } from '../money/round-to-minor-units.ts';
import { countryOfVatId, euCountries } from './eu-countries.ts';
import type { Issuer } from './issuer.ts';
import type { Payer } from './parties.ts';

/** A row of `vat_rates`; days are YYYY-MM-DD, `validUntil` exclusive. */
export type VatRateRow = { country: string; validFrom: string; validUntil: string | null; rateBps: number };

/** none: we are not registered for VAT. outside: not subject to it here. stripe: as Stripe computes it. */
export type VatTreatment = 'none' | 'standard' | 'reverse_charge' | 'outside' | 'stripe';

export type Vat = { treatment: VatTreatment; rateBps: number };

export type VatQuestion = {
  issuer: Pick<Issuer, 'country' | 'isVatPayer' | 'vatRegistrations'>;
  payer: Pick<Payer, 'country' | 'vatId' | 'vatIdValid'>;
  /** The day that VAT is due for, YYYY-MM-DD. */
  taxPointOn: string;
  rates: readonly VatRateRow[];
};

const none: Vat = { treatment: 'none', rateBps: 0 };
const outside: Vat = { treatment: 'outside', rateBps: 0 };

/**
 * The VAT of an electronic service by place of supply (Directive 2006/112/EC, articles 44, 58 and 196):
 * at home the home rate; to another member state reverse charge for a checked VAT id and that state's
 * rate without one (OSS); elsewhere the rate where the issuer is registered, else none. A payer whose
 * country is unknown is taken for one at home. Throws RangeError where a rate is due and none is known.
 */
export function decideVat({ issuer, payer, taxPointOn, rates }: VatQuestion): Vat {
  if (!issuer.isVatPayer) return none;
  const country = payer.country ?? issuer.country;
  const standard = (): Vat => ({ treatment: 'standard', rateBps: rateOn(rates, country, taxPointOn) });
  if (country === issuer.country) return standard();
  if (euCountries.has(country)) {
    if (!euCountries.has(issuer.country) && !issuer.vatRegistrations.includes(country)) return outside;
    return isForeignBusiness(payer, issuer.country)
      ? { treatment: 'reverse_charge', rateBps: 0 }
      : standard();
  }
  return issuer.vatRegistrations.includes(country) ? standard() : outside;
}

/** Only a VAT id that was checked moves the tax to the customer: an invented one would leave us to pay it. */
function isForeignBusiness({ vatId, vatIdValid }: VatQuestion['payer'], home: string): boolean {
  if (vatId === null || vatIdValid !== true) return false;
  const country = countryOfVatId(vatId);
  return country !== null && country !== home;
}

function rateOn(rates: readonly VatRateRow[], country: string, day: string): number {
  const holding = rates.filter(
    (row) =>
      row.country === country && row.validFrom <= day && (row.validUntil === null || row.validUntil > day),
  );
  const latest = holding.reduce<VatRateRow | null>(
    (best, row) => (best && best.validFrom > row.validFrom ? best : row),
    null,
  );
  if (!latest) throw new RangeError(`no VAT rate of ${country} is known for ${day}`);
  return latest.rateBps;
}

const BASIS_POINTS = 10_000n;

/** The VAT of a net total in minor units, rounded half away from zero once per rate. */
export function vatOf(netMinor: bigint, rateBps: number): bigint {
  return divideRounded(netMinor * BigInt(rateBps), BASIS_POINTS);
}
