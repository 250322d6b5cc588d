import { randomBytes } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const idLength = 24;

/** Returns a new id as Stripe writes them: a prefix, an underscore and letters and digits. */
export function newId(prefix: string): string {
  const letters = Array.from(randomBytes(idLength), (byte) => alphabet[byte % alphabet.length]);
  return `${prefix}_${letters.join('')}`;
}
