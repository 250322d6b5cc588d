import type Stripe from 'stripe';

export type StripeInvoiceFacts = Pick<
  Stripe.Invoice,
  'status' | 'amount_paid' | 'total' | 'starting_balance' | 'ending_balance' | 'attempted'
>;

export type PaymentDecision = 'paid' | 'failed' | 'carried' | 'waiting';

/**
 * What the present state of a Stripe invoice means for our items on it. Stripe marks an invoice below
 * its minimum as paid and moves the amount to the customer's balance: no money came, it is carried.
 */
export function decidePayment(invoice: StripeInvoiceFacts): PaymentDecision {
  const { status, amount_paid, total, starting_balance, ending_balance, attempted } = invoice;
  if (status === 'paid') {
    const movedToBalance = (ending_balance ?? 0) > Math.max(starting_balance, 0);
    return total > 0 && amount_paid === 0 && movedToBalance ? 'carried' : 'paid';
  }
  if (status === 'uncollectible') return 'failed';
  return status === 'open' && attempted ? 'failed' : 'waiting';
}
