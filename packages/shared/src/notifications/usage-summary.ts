import { z } from 'zod';
import { Currency } from '../money/money.ts';
import { amount, frame } from './mail-parts.ts';

/** What a usage summary says; amounts are decimal strings, frozen when the period was closed. */
export const UsageSummary = z.object({
  ...frame,
  timeZone: z.string(),
  /** First and last local day of the period. */
  firstDay: z.iso.date(),
  lastDay: z.iso.date(),
  currency: Currency,
  messages: z.string(),
  segments: z.string(),
  usage: amount,
  /** What remains to be paid before tax; "0.00" for a statement. */
  owed: amount,
  document: z.enum(['statement', 'stripe', 'ours', 'section']),
  lines: z.array(
    z.object({
      description: z.string(),
      quantity: z.string(),
      amount,
      /** What it is a line of, so that it can be named in the tenant's language. */
      kind: z.string().optional(),
      meter: z.string().optional(),
      country: z.string().optional(),
    }),
  ),
  /** The billing record whose PDF goes with it. */
  invoiceId: z.uuid().optional(),
});

export type UsageSummary = z.infer<typeof UsageSummary>;
