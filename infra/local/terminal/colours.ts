const CODES = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
} as const;

export type Colour = keyof typeof CODES;

/** Gives a text a colour, or leaves it as it is where colours are off. */
export type Paint = (colour: Colour, text: string) => string;

/** Colours are for terminals, and not for people who said no (https://no-color.org). */
export function choosePaint(isTty: boolean, environment: Record<string, string | undefined>): Paint {
  const isColoured = isTty && !environment.NO_COLOR && environment.TERM !== 'dumb';
  return isColoured ? (colour, text) => `\u001b[${CODES[colour]}m${text}\u001b[0m` : plain;
}

export const plain: Paint = (_colour, text) => text;
