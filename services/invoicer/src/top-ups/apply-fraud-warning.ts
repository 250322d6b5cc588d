import { raiseOperatorAlert } from '@tollgate/shared/alerts/operator-alerts.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { findTopUp } from './find-top-up.ts';
import type { StripeObjectDeps } from './stripe-object-deps.ts';

/**
 * Shows operators that a card's bank suspects fraud: a refund now costs less than the dispute that
 * usually follows. Whether the payment was a top-up or not.
 */
export async function applyFraudWarning(deps: StripeObjectDeps, warningId: string): Promise<string> {
  const warning = await deps.stripe.radar.earlyFraudWarnings.retrieve(warningId);
  const intent = warning.payment_intent;
  const paymentIntentId = typeof intent === 'string' ? intent : intent?.id;
  const topUp = paymentIntentId === undefined ? null : await findTopUp(deps.prisma, { paymentIntentId });
  const what = topUp ? toPublicId('top', topUp.id) : (paymentIntentId ?? 'a payment');
  const detail = `the bank suspects fraud in ${what} (${warning.fraud_type})${warning.actionable ? ': refund it before it is disputed' : ''}`;
  const alert = {
    kind: 'early_fraud_warning',
    subject: warningId,
    tenantId: topUp?.tenantId ?? null,
    detail,
  };
  await raiseOperatorAlert(deps.prisma, alert, deps.clock.now());
  return 'operators told';
}
