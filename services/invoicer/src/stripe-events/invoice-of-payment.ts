import type { ApplyEventDeps } from './apply-event-deps.ts';
import { idOf } from './apply-event-deps.ts';

/** The Stripe invoices that a payment intent paid, wholly or in part. */
export async function invoicesOfPayment(
  { stripe }: Pick<ApplyEventDeps, 'stripe'>,
  paymentIntent: string | { id: string } | null | undefined,
): Promise<string[]> {
  const id = idOf(paymentIntent);
  if (id === null) return [];
  const found: string[] = [];
  const payment = { type: 'payment_intent', payment_intent: id } as const;
  for await (const { invoice } of stripe.invoicePayments.list({ payment, limit: 100 })) {
    const invoiceId = idOf(invoice);
    if (invoiceId !== null) found.push(invoiceId);
  }
  return found;
}
