import { z } from 'zod';
import { DecimalMicros } from '../money/decimal-micros.ts';
import { Currency } from '../money/money.ts';

/** The languages of mails and documents. */
export const Locale = z.enum(['cs', 'en']);
export type Locale = z.infer<typeof Locale>;

/** Kept as text, because a mail says what was frozen; checked, because nobody reads a mail before it goes. */
export const amount = z.string().refine((text) => DecimalMicros.safeParse(text).success, {
  error: 'expected a decimal amount such as "1.50"',
});

/** What every mail knows of whom it is for. A row of before mails had a language is English. */
export const frame = {
  tenantName: z.string(),
  locale: Locale.optional(),
};

/** What a mail says of the invoice that it speaks of, frozen with it. */
export const InvoiceFacts = z.object({
  id: z.uuid(),
  /** Ours, or Stripe's where its document counts; null while there is none. */
  number: z.string().nullable(),
  kind: z.enum(['usage', 'credit_note', 'top_up']),
  document: z.enum(['statement', 'stripe', 'ours', 'section']),
  currency: Currency,
  gross: amount,
  /** What is still to be paid of it. */
  outstanding: amount,
  dueOn: z.iso.date().nullable(),
  /** Stripe's page of it. */
  url: z.string().nullable(),
});
export type InvoiceFacts = z.infer<typeof InvoiceFacts>;
