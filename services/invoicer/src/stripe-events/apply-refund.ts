import { applyTopUpRefund } from '../top-ups/apply-top-up-refund.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { invoicesOfPayment } from './invoice-of-payment.ts';
import { refundedOf } from './money-taken.ts';
import { takeMoneyBack } from './take-money-back.ts';

/**
 * Brings what a refunded payment had paid to the present state of its refunds: all of it opens our
 * invoices again, a part of it is for operators; a top-up takes its own part back.
 */
export async function applyRefund(deps: ApplyEventDeps, refundId: string): Promise<string> {
  const refund = await deps.stripe.refunds.retrieve(refundId);
  const outcomes = await takeMoneyBack(deps, {
    stripeInvoiceIds: await invoicesOfPayment(deps, refund.payment_intent),
    takenOf: (stripeInvoiceId) => refundedOf(deps.stripe, stripeInvoiceId),
    kind: 'purchase_refund',
    description: `Stripe refund ${refundId}`,
  });
  return outcomes.length > 0
    ? `refunded of our invoices: ${outcomes.join(', ')}`
    : applyTopUpRefund(deps, refundId);
}
