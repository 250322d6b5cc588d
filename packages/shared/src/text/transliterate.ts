import { graphemesOf } from './graphemes.ts';
import { isGsm7 } from './gsm7.ts';
import { normaliseBody } from './normalise-body.ts';

/**
 * The normalised body with what GSM-7 lacks replaced by its nearest GSM-7 spelling: "ř" by "r", "–" by
 * "-". What has none (emoji, Cyrillic) is left, so the caller must look whether the result is GSM-7.
 */
export function transliterateToGsm7(body: string): string {
  const visible = normaliseBody(body).replaceAll(INVISIBLE, '').normalize('NFC');
  return graphemesOf(visible).map(transliterateGrapheme).join('');
}

// Soft hyphen, zero-width space, word joiner, byte order mark: nothing a reader would miss.
const INVISIBLE = /[\u00AD\u200B\u2060\uFEFF]/g;

// Spellings that decomposition does not give. Each key stands for every character in it.
const spellings: Record<string, string> = {
  '‘’‚‛′‹›`´ʼ': "'",
  '“”„‟″«»': '"',
  '‐‑‒–—―−•': '-',
  '\t\u00A0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u3000': ' ',
  '\u0085\u2028\u2029': '\n',
  '…': '...',
  '×': 'x',
  Ł: 'L',
  ł: 'l',
  ĐÐ: 'D',
  đð: 'd',
  Ħ: 'H',
  ħ: 'h',
  Ŧ: 'T',
  ŧ: 't',
  ı: 'i',
  Œ: 'OE',
  œ: 'oe',
  Þ: 'Th',
  þ: 'th',
  ẞ: 'SS',
};

const spellingOf: ReadonlyMap<string, string> = new Map(
  Object.entries(spellings).flatMap(([characters, spelling]) =>
    Array.from(characters, (character): [string, string] => [character, spelling]),
  ),
);

// A grapheme is replaced as a whole or not at all: half of an emoji sequence would be another emoji.
function transliterateGrapheme(grapheme: string): string {
  if (isGsm7(grapheme)) return grapheme;
  const spelled = Array.from(grapheme, transliterateCharacter).join('');
  return isGsm7(spelled) ? spelled : grapheme;
}

function transliterateCharacter(character: string): string {
  if (isGsm7(character)) return character;
  const base = character.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return spellingOf.get(character) ?? spellingOf.get(base) ?? base;
}
