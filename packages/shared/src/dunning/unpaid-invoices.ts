import { Prisma } from '../generated/prisma/client.ts';

/**
 * Invoices `i` that somebody still has to pay: ours, and Stripe's where collecting them failed. A
 * section is paid with its payer's invoice. Each arm is one that an index answers.
 */
export const unpaidInvoices = Prisma.sql`(
  (i.document = 'ours' AND i.state = 'issued' AND i.kind = 'usage' AND i.due_on IS NOT NULL)
  OR (i.state = 'payment_failed' AND i.kind = 'usage' AND i.document IN ('ours', 'stripe')))`;

/** The day from which an invoice is past due: Stripe asks for its money at once. */
export const dueDay = Prisma.sql`coalesce(i.due_on, i.issued_at::date)`;
