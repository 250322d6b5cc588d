import { z } from 'zod';

/** What a usage summary says; amounts are decimal strings, frozen when the period was closed. */
export const UsageSummary = z.object({
  tenantName: z.string(),
  timeZone: z.string(),
  /** First and last local day of the period. */
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
  currency: z.string(),
  messages: z.string(),
  segments: z.string(),
  usage: z.string(),
  /** What remains to be paid; "0.00" for a statement. */
  owed: z.string(),
  document: z.enum(['statement', 'stripe']),
  lines: z.array(z.object({ description: z.string(), quantity: z.string(), amount: z.string() })),
});

export type UsageSummary = z.infer<typeof UsageSummary>;
