import { z } from 'zod';
import { readRecipient } from '../messages/read-recipient.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { pointerTo } from '../problems/read-body.ts';

export const NUMBERS_MAX = 1_000;

/** Numbers in a request. */
export const Numbers = z
  .array(z.string().min(1).max(32))
  .min(1)
  .max(NUMBERS_MAX)
  .meta({
    description: `Up to ${NUMBERS_MAX} phone numbers, E.164 or national in the tenant’s country.`,
    example: ['+420777123456'],
  });

/** A number as the lists have it. */
export const ListedNumber = z.string().regex(/^\+[1-9]\d{6,14}$/);

/** The numbers in E.164. Throws the Problem that names each one that is no mobile number. */
export function readNumbers(numbers: readonly string[], defaultCountry: string): string[] {
  const read = numbers.map((number, index) => {
    try {
      return { e164: readRecipient(number, defaultCountry).e164 };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { errors } = error.extras as { errors?: readonly { detail: string }[] };
      const detail = errors?.[0]?.detail ?? error.message;
      return { error: { pointer: pointerTo(['recipients', index]), detail } };
    }
  });
  const errors = read.flatMap(({ error }) => error ?? []);
  if (errors.length > 0) throw invalidRequest(errors);
  return [...new Set(read.flatMap(({ e164 }) => e164 ?? []))];
}

/** A number in an address, in E.164; null for what is none, because nothing can be listed under it. */
export function readNumberInPath(text: string, defaultCountry: string): string | null {
  try {
    return readRecipient(text, defaultCountry).e164;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
