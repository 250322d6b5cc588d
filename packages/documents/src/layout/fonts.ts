import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Noto Sans has every letter of the languages that we write. */
const files = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  semibold: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
  bold: '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf',
} as const;

export type Weight = keyof typeof files;
export const weights = Object.keys(files) as Weight[];

type Fontkit = { create(bytes: Uint8Array): object };

const own = createRequire(import.meta.url);
const parsed = new Map<Weight, object>();

/**
 * A font as pdfkit takes it, for one document. Its tables are parsed once per process, which takes
 * several times as long as drawing a page; its glyphs are the document's own, because a glyph that an
 * earlier document needed as a part of another has lost its letter, and nobody could copy it as text.
 * pdfkit takes what its own fontkit has parsed, though its types know of bytes only.
 */
export function fontOf(weight: Weight): ArrayBuffer {
  return Object.assign(Object.create(parse(weight)), { _glyphs: {} });
}

function parse(weight: Weight): object {
  const known = parsed.get(weight);
  if (known) return known;
  const fontkit: Fontkit = createRequire(own.resolve('pdfkit'))('fontkit');
  const font = fontkit.create(readFileSync(own.resolve(files[weight])));
  parsed.set(weight, font);
  return font;
}
