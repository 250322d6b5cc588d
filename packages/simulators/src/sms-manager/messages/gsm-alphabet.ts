const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿' +
  'abcdefghijklmnopqrstuvwxyzäöñüà';
const extended = '^{}\\[~]|€\f';

const septets = new Map<string, number>([
  ...[...basic].map((character): [string, number] => [character, 1]),
  ...[...extended].map((character): [string, number] => [character, 2]),
]);

/** Returns how many septets a character takes in GSM 03.38 (1, or 2 with an escape), or undefined if it has none. */
export function septetsOf(character: string): number | undefined {
  return septets.get(character);
}

const lookAlikes: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
  '\t': ' ',
  '`': "'",
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
};

/** Returns the text with every character brought into GSM 03.38, losing accents and dropping what has no likeness. */
export function toGsmText(text: string): string {
  return [...text.normalize('NFC')].map(toGsmCharacter).join('');
}

function toGsmCharacter(character: string): string {
  if (septets.has(character)) return character;
  const replacement = lookAlikes[character] ?? character.normalize('NFD').replace(/\p{M}/gu, '');
  return [...replacement].filter((candidate) => septets.has(candidate)).join('');
}
