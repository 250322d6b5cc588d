import { graphemesOf } from '@tollgate/shared/text/graphemes.ts';
import { isGsm7 } from '@tollgate/shared/text/gsm7.ts';

export type ForcingCharacter = { character: string; count: number };

/** The characters of a normalised text that GSM-7 lacks, each with how often it stands there, in order of appearance. */
export function countForcingCharacters(text: string): ForcingCharacter[] {
  const counts = new Map<string, number>();
  for (const character of graphemesOf(text)) {
    if (!isGsm7(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return Array.from(counts, ([character, count]) => ({ character, count }));
}
