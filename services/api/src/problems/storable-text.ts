import { z } from 'zod';

/** Whether PostgreSQL can store and compare the text: it has no U+0000 and no lone surrogates. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Text that PostgreSQL can store and compare. Limits in characters. */
export function storableText(lengthMax: number, { lengthMin = 1 }: { lengthMin?: number } = {}) {
  return z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .refine(isStorable, { error: 'must not contain U+0000 or half of a surrogate pair' });
}
