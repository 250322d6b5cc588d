/** Countries with numbering plans that the zone data leaves without a zone, with the one that is meant. */
const missing: Readonly<Record<string, string>> = {
  AC: 'Atlantic/St_Helena',
  TA: 'Atlantic/St_Helena',
  XK: 'Europe/Belgrade',
};

const known = new Map<string, readonly string[]>();

/** The time zones of a country (ISO 3166-1 alpha-2), from the runtime's CLDR data; UTC for an unknown one. */
export function zonesOfCountry(country: string): readonly string[] {
  const cached = known.get(country);
  if (cached) return cached;
  const zones = readZones(country);
  const found = zones.length > 0 ? zones : [missing[country] ?? 'UTC'];
  known.set(country, found);
  return found;
}

/** TypeScript's own description of Intl.Locale lags behind the language. */
function readZones(country: string): string[] {
  const locale = new Intl.Locale('und', { region: country }) as Intl.Locale & {
    getTimeZones?: () => string[] | undefined;
  };
  return locale.getTimeZones?.() ?? [];
}
