import { applyTopUpDispute } from '../top-ups/apply-top-up-dispute.ts';
import { alertOperators } from './alert-operators.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { decideDispute } from './decide-dispute.ts';
import { invoicesOfPayment } from './invoice-of-payment.ts';
import { disputedOf } from './money-taken.ts';
import { takeMoneyBack } from './take-money-back.ts';

/** Brings what a disputed payment had paid to the dispute's present state: invoices of ours, or a top-up. */
export async function applyDispute(deps: ApplyEventDeps, disputeId: string): Promise<string> {
  const dispute = await deps.stripe.disputes.retrieve(disputeId);
  const decision = decideDispute(dispute.status);
  const stripeInvoiceIds = await invoicesOfPayment(deps, dispute.payment_intent);
  if (decision === 'untouched') {
    return alertOperators(deps, { kind: 'stripe_inquiry', id: disputeId, detail: `it is ${dispute.status}` });
  }
  const isReturned = decision === 'returned';
  const outcomes = await takeMoneyBack(deps, {
    stripeInvoiceIds,
    takenOf: (stripeInvoiceId) => disputedOf(deps.stripe, stripeInvoiceId, { ...dispute, isReturned }),
    kind: 'dispute',
    description: `Stripe dispute ${disputeId}`,
  });
  return outcomes.length > 0
    ? `disputed of our invoices: ${outcomes.join(', ')}`
    : applyTopUpDispute(deps, disputeId);
}
