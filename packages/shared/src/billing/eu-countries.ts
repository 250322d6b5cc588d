/** Member states of the European Union, ISO 3166-1. */
export const euCountries: ReadonlySet<string> = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' '),
);

/** The country of an EU VAT id by its prefix, null for anything else. Greece writes EL. */
export function countryOfVatId(vatId: string): string | null {
  const prefix = vatId
    .replaceAll(/[\s.-]/g, '')
    .slice(0, 2)
    .toUpperCase();
  const country = prefix === 'EL' ? 'GR' : prefix;
  return prefix !== 'GR' && euCountries.has(country) ? country : null;
}
