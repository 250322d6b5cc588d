import { z } from 'zod';

/** Text that PostgreSQL can store and compare: without U+0000 and lone surrogates. Limits in characters. */
export function storableText(lengthMax: number, { lengthMin = 1 }: { lengthMin?: number } = {}) {
  return z
    .string()
    .min(lengthMin)
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), {
      error: 'must not contain U+0000 or half of a surrogate pair',
    });
}
