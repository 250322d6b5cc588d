import { z } from 'zod';
import { DecimalMicros } from '../money/decimal-micros.ts';
import { Currency } from '../money/money.ts';

// Kept as text, because a mail says what was frozen; checked, because nobody reads a mail before it goes.
const amount = z.string().refine((text) => DecimalMicros.safeParse(text).success, {
  error: 'expected a decimal amount such as "1.50"',
});

/** What a usage summary says; amounts are decimal strings, frozen when the period was closed. */
export const UsageSummary = z.object({
  tenantName: z.string(),
  timeZone: z.string(),
  /** First and last local day of the period. */
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
  currency: Currency,
  messages: z.string(),
  segments: z.string(),
  usage: amount,
  /** What remains to be paid; "0.00" for a statement. */
  owed: amount,
  document: z.enum(['statement', 'stripe']),
  lines: z.array(z.object({ description: z.string(), quantity: z.string(), amount })),
});

export type UsageSummary = z.infer<typeof UsageSummary>;
