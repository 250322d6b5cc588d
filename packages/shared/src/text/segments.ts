import { graphemesOf } from './graphemes.ts';
import { isGsm7, septetsOf } from './gsm7.ts';
import { normaliseBody } from './normalise-body.ts';

export type Encoding = 'gsm7' | 'ucs2';

export type SegmentCount = {
  /** The normalised body: what was counted and is to be sent. */
  body: string;
  encoding: Encoding;
  /** SMS parts needed; 0 for an empty body, which callers refuse. */
  segments: number;
  /** Septets of the whole body in GSM-7, UTF-16 units in UCS-2. */
  units: number;
  /** What one part holds: 160 or 70 alone, 153 or 67 as a part of several. */
  unitsPerSegment: number;
  /** Units that the last part has left. */
  remainingUnits: number;
  /** The distinct characters that forced UCS-2, in order of appearance; empty for GSM-7. */
  nonGsmCharacters: string[];
};

/**
 * How the body travels as SMS. A message of several parts gives 6 octets of each to the concatenation
 * header (3GPP TS 23.040, 9.2.3.24.1). The provider's own count stays authoritative for cost.
 */
export function countSegments(body: string): SegmentCount {
  const text = normaliseBody(body);
  const encoding = encodingOf(text);
  const parts = packParts(text, encoding);
  const unitsPerSegment = parts.length > 1 ? LIMITS[encoding].part : LIMITS[encoding].single;
  return {
    body: text,
    encoding,
    segments: parts.length,
    units: parts.reduce((sum, part) => sum + part.units, 0),
    unitsPerSegment,
    remainingUnits: unitsPerSegment - (parts.at(-1)?.units ?? 0),
    nonGsmCharacters: encoding === 'gsm7' ? [] : nonGsmCharactersOf(text),
  };
}

/** The parts of the normalised body in order; together they are the whole of it. */
export function splitIntoSegments(body: string): string[] {
  const text = normaliseBody(body);
  return packParts(text, encodingOf(text)).map((part) => part.text);
}

const LIMITS = {
  gsm7: { single: 160, part: 153 },
  ucs2: { single: 70, part: 67 },
} as const satisfies Record<Encoding, { single: number; part: number }>;

/** A piece of text with its length in the units of its encoding. */
type Piece = { text: string; units: number };

function encodingOf(text: string): Encoding {
  return isGsm7(text) ? 'gsm7' : 'ucs2';
}

function nonGsmCharactersOf(text: string): string[] {
  return [...new Set(graphemesOf(text).filter((grapheme) => !isGsm7(grapheme)))];
}

function packParts(text: string, encoding: Encoding): Piece[] {
  if (text === '') return [];
  const { single, part: limit } = LIMITS[encoding];
  const whole = { text, units: unitsOf(text, encoding) };
  if (whole.units <= single) return [whole];

  const parts: Piece[] = [];
  let current: Piece = { text: '', units: 0 };
  for (const piece of indivisiblePieces(text, encoding, limit)) {
    if (current.units + piece.units > limit) {
      parts.push(current);
      current = { text: '', units: 0 };
    }
    current = { text: current.text + piece.text, units: current.units + piece.units };
  }
  return [...parts, current];
}

// In UCS-2 a part ends between graphemes, because phones that show parts one by one would break an emoji.
// A grapheme that no part can hold is divided between its code points, so that it can be sent at all.
function indivisiblePieces(text: string, encoding: Encoding, limit: number): Piece[] {
  const pieces =
    encoding === 'gsm7'
      ? Array.from(text)
      : graphemesOf(text).flatMap((grapheme) =>
          grapheme.length > limit ? Array.from(grapheme) : [grapheme],
        );
  return pieces.map((piece) => ({ text: piece, units: unitsOf(piece, encoding) }));
}

function unitsOf(text: string, encoding: Encoding): number {
  if (encoding === 'ucs2') return text.length;
  let septets = 0;
  for (const character of text) septets += septetsOf(character) ?? 0;
  return septets;
}
