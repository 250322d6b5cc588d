import { septetsOf, toGsmText } from './gsm-alphabet.ts';

/**
 * Returns how many parts a text takes, at least 1. `sms` brings it into GSM 03.38 first and counts septets (160, or
 * 153 per part), `utf` counts UTF-16 units (70, or 67 per part), whatever the text holds (3GPP TS 23.038, 23.040).
 */
export function countParts(text: string, type: 'sms' | 'utf'): number {
  if (type === 'utf') {
    const units = [...text].map((character) => character.length);
    return fillParts(units, 70, 67);
  }
  const units = [...toGsmText(text)].map((character) => septetsOf(character) ?? 0);
  return fillParts(units, 160, 153);
}

// Neither an escaped character nor a surrogate pair is split over two parts, so a part may end with a free unit.
function fillParts(units: number[], single: number, perPart: number): number {
  const total = units.reduce((sum, unit) => sum + unit, 0);
  if (total <= single) return 1;
  let parts = 1;
  let used = 0;
  for (const unit of units) {
    if (used + unit > perPart) {
      parts += 1;
      used = 0;
    }
    used += unit;
  }
  return parts;
}
