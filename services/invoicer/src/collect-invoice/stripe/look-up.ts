import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type Stripe from 'stripe';
import type { Push } from './pushes.ts';

const CLOCK_SKEW_MS = 10 * MINUTE_MS;

type Wanted = Pick<Push, 'id' | 'customer' | 'firstSentAt'>;

/** The items at Stripe that a push made, pending or already on an invoice. Items have no search. */
export function lookUpItems(stripe: Stripe, push: Wanted): Promise<Stripe.InvoiceItem[]> {
  return ofPush(push, stripe.invoiceItems.list({ ...since(push), limit: 100 }));
}

/** The invoices at Stripe that a push made, in any state. Lists, not search: search lags behind. */
export function lookUpInvoices(stripe: Stripe, push: Wanted): Promise<Stripe.Invoice[]> {
  return ofPush(push, stripe.invoices.list({ ...since(push), limit: 100 }));
}

function since({ customer, firstSentAt }: Wanted) {
  return { customer, created: { gte: Math.floor((firstSentAt.getTime() - CLOCK_SKEW_MS) / SECOND_MS) } };
}

async function ofPush<Made extends { metadata: Stripe.Metadata | null }>(
  { id }: Wanted,
  list: AsyncIterable<Made>,
): Promise<Made[]> {
  const found: Made[] = [];
  for await (const made of list) if (made.metadata?.push_id === id) found.push(made);
  return found;
}
