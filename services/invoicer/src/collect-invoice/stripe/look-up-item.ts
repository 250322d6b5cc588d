import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type Stripe from 'stripe';

const CLOCK_SKEW_MS = 10 * MINUTE_MS;

/**
 * The items at Stripe that a push made, pending or already on an invoice. Lists, not search: search
 * lags behind, and invoice items have none.
 */
export async function lookUpItems(
  stripe: Stripe,
  { pushId, customer, firstSentAt }: { pushId: string; customer: string; firstSentAt: Date },
): Promise<Stripe.InvoiceItem[]> {
  const created = { gte: Math.floor((firstSentAt.getTime() - CLOCK_SKEW_MS) / SECOND_MS) };
  const found: Stripe.InvoiceItem[] = [];
  for await (const item of stripe.invoiceItems.list({ customer, created, limit: 100 })) {
    if (item.metadata?.push_id === pushId) found.push(item);
  }
  return found;
}
