// GSM 7 bit default alphabet in code order, without the escape at 0x1B (3GPP TS 23.038, 6.2.1).
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

// Extension table: each character is sent as an escape and a code, two septets (3GPP TS 23.038, 6.2.1.1).
const EXTENSION = '\f^{}\\[~]|€';

const septets: ReadonlyMap<string, 1 | 2> = new Map([
  ...Array.from(BASIC, (character): [string, 1] => [character, 1]),
  ...Array.from(EXTENSION, (character): [string, 2] => [character, 2]),
]);

/** How many septets a single character takes in GSM-7: 1 or 2, or null when GSM-7 does not have it. */
export function septetsOf(character: string): 1 | 2 | null {
  return septets.get(character) ?? null;
}

/** Whether every character of the text is in GSM-7, so that it can be sent in 160 characters a segment. */
export function isGsm7(text: string): boolean {
  for (const character of text) {
    if (!septets.has(character)) return false;
  }
  return true;
}
