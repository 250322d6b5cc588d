import type Stripe from 'stripe';

export type StripeInvoiceFacts = Pick<
  Stripe.Invoice,
  'status' | 'amount_paid' | 'total' | 'starting_balance' | 'ending_balance' | 'attempted'
>;

/** carried: no money came, the customer's balance took it. gone: void, so nobody pays it any more. */
export type PaymentDecision = 'paid' | 'failed' | 'carried' | 'waiting' | 'gone';

/**
 * What the present state of a Stripe invoice means for our items on it. Stripe marks an invoice below
 * its minimum as paid and moves the amount to the customer's balance: no money came, it is carried.
 */
export function decidePayment(invoice: StripeInvoiceFacts): PaymentDecision {
  const { status, amount_paid, total, starting_balance, ending_balance, attempted } = invoice;
  switch (status) {
    case 'paid': {
      const movedToBalance = (ending_balance ?? 0) > 0;
      return total + starting_balance > 0 && amount_paid === 0 && movedToBalance ? 'carried' : 'paid';
    }
    case 'void':
      return 'gone';
    case 'uncollectible':
      return 'failed';
    case 'open':
      return attempted ? 'failed' : 'waiting';
    default:
      return 'waiting';
  }
}

/** Whether a paid invoice collected what earlier ones had moved to the customer's balance. */
export function collectsBalance(invoice: StripeInvoiceFacts): boolean {
  return decidePayment(invoice) === 'paid' && invoice.starting_balance > 0 && invoice.amount_paid > 0;
}
