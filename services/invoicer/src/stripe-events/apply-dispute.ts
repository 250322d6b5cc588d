import { applyTopUpDispute } from '../top-ups/apply-top-up-dispute.ts';
import { alertOperators } from './alert-operators.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { decideDispute } from './decide-dispute.ts';
import { invoicesOfPayment } from './invoice-of-payment.ts';
import { takeMoneyBack } from './take-money-back.ts';

/** Brings what a disputed payment had paid to the dispute's present state: invoices of ours, or a top-up. */
export async function applyDispute(deps: ApplyEventDeps, disputeId: string): Promise<string> {
  const dispute = await deps.stripe.disputes.retrieve(disputeId);
  const decision = decideDispute(dispute.status);
  const stripeInvoiceIds = await invoicesOfPayment(deps, dispute.payment_intent);
  if (decision === 'untouched') {
    return alertOperators(deps, { kind: 'stripe_inquiry', id: disputeId, detail: `it is ${dispute.status}` });
  }
  const concerned = await takeMoneyBack(deps, {
    stripeInvoiceIds,
    isTaken: decision === 'taken',
    kind: 'dispute',
    reference: disputeId,
    description: `Stripe dispute ${disputeId}`,
  });
  return concerned > 0 ? `${decision}, ${concerned} of our invoices` : applyTopUpDispute(deps, disputeId);
}
