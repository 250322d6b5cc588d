import { applyTopUpRefund } from '../top-ups/apply-top-up-refund.ts';
import { alertOperators } from './alert-operators.ts';
import type { ApplyEventDeps } from './apply-event-deps.ts';
import { idOf } from './apply-event-deps.ts';
import { findOurPushes } from './find-our-pushes.ts';
import { invoicesOfPayment } from './invoice-of-payment.ts';
import { takeMoneyBack } from './take-money-back.ts';

/**
 * Brings what a refunded payment had paid to the present state of its refunds: all of it opens our
 * invoices again, a part of it is for operators to credit; a top-up takes its own part back.
 */
export async function applyRefund(deps: ApplyEventDeps, refundId: string): Promise<string> {
  const refund = await deps.stripe.refunds.retrieve(refundId);
  const intentId = idOf(refund.payment_intent);
  const stripeInvoiceIds = await invoicesOfPayment(deps, intentId);
  if (intentId === null || !(await hasOurs(deps, stripeInvoiceIds))) return applyTopUpRefund(deps, refundId);
  const intent = await deps.stripe.paymentIntents.retrieve(intentId);
  let refunded = 0;
  for await (const { status, amount } of deps.stripe.refunds.list({ payment_intent: intentId, limit: 100 }))
    if (status === 'succeeded' || status === 'pending') refunded += amount;
  if (refunded > 0 && refunded < intent.amount_received) {
    const detail = `${refunded} of ${intent.amount_received} ${intent.currency} were refunded: credit the invoice`;
    return alertOperators(deps, { kind: 'stripe_partial_refund', id: intentId, detail });
  }
  const concerned = await takeMoneyBack(deps, {
    stripeInvoiceIds,
    isTaken: refunded > 0,
    kind: 'purchase_refund',
    reference: intentId,
    description: `Stripe refund of ${intentId}`,
  });
  return `${refunded > 0 ? 'refunded' : 'not refunded'}, ${concerned} of our invoices`;
}

async function hasOurs(deps: ApplyEventDeps, stripeInvoiceIds: readonly string[]): Promise<boolean> {
  for (const id of stripeInvoiceIds) if ((await findOurPushes(deps, id)).length > 0) return true;
  return false;
}
