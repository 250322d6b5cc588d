import * as z from 'zod';
import { InvalidDecimalError, parseDecimalToMicros } from './money.ts';

/** Money in a request or an answer: a decimal string such as "1.50", parsed to micros. */
export const DecimalMicros = z.string().transform((text, context) => {
  try {
    return parseDecimalToMicros(text);
  } catch (error) {
    if (!(error instanceof InvalidDecimalError)) throw error;
    context.issues.push({ code: 'custom', message: error.message, input: text });
    return z.NEVER;
  }
});
