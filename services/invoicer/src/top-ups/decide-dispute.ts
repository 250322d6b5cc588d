import type Stripe from 'stripe';

export type DisputeFacts = Pick<Stripe.Dispute, 'status'> & {
  balance_transactions: readonly { amount: number }[];
};

/** Whether the disputed money was taken from us, and whether it came back. */
export type DisputeDecision = { isWithdrawn: boolean; isReinstated: boolean };

/**
 * What the present state of a dispute means for the credit: a bank that only asks moves no money, one
 * that disputes takes it at once, one that loses gives it back. What moved counts before what is said.
 */
export function decideDispute({ status, balance_transactions: movements }: DisputeFacts): DisputeDecision {
  const hasMoved = (sign: number) => movements.some(({ amount }) => Math.sign(amount) === sign);
  const isInquiry = status.startsWith('warning_') || status === 'prevented';
  const isWithdrawn = hasMoved(-1) || !isInquiry;
  return { isWithdrawn, isReinstated: isWithdrawn && (status === 'won' || hasMoved(1)) };
}
