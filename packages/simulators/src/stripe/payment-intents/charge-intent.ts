import type { Account } from '../account/account.ts';
import { createCharge } from '../charges/charge.ts';
import type { PaymentError, PaymentIntent } from '../invoice-payments/payment-intent.ts';
import { attachMethod, behaviourOf, type PaymentMethod } from '../payment-methods/payment-method.ts';

export interface ChargeGiven {
  /** Whether nobody is there to answer the bank's question. */
  isOffSession: boolean;
}

/** Tries to take a payment intent's amount by a means of payment; returns it as it is then. */
export function chargeIntent(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  { isOffSession }: ChargeGiven,
): PaymentIntent {
  const tried = { ...intent, payment_method: method.id, payment_method_types: [method.type] };
  account.objects.save('payment_intent', tried);
  const behaviour = behaviourOf(method);
  if (account.declineCode !== undefined) return failIntent(account, tried, declined(account.declineCode));
  if (behaviour === 'declines') return failIntent(account, tried, declined('generic_decline'));
  if (behaviour === 'needs authentication' && isOffSession) {
    return failIntent(account, tried, {
      type: 'card_error',
      code: 'authentication_required',
      decline_code: 'authentication_required',
      message: 'Your card was declined. This transaction requires authentication.',
    });
  }
  if (behaviour === 'pays later') {
    return account.update(
      'payment_intent',
      tried,
      { status: 'processing', last_payment_error: null },
      'payment_intent.processing',
    );
  }
  return succeedIntent(account, tried);
}

/** Records that the money came in. */
export function succeedIntent(account: Account, intent: PaymentIntent): PaymentIntent {
  const chargeId = account.newId('ch');
  const changes = {
    status: 'succeeded',
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: chargeId,
  } as const;
  createCharge(account, { ...intent, ...changes }, chargeId);
  const method = intent.payment_method && account.objects.find('payment_method', intent.payment_method);
  if (method && intent.setup_future_usage !== null && intent.customer !== null)
    attachMethod(account, method, intent.customer);
  return account.update('payment_intent', intent, changes, 'payment_intent.succeeded');
}

/** Records that the money did not come; another means of payment may be tried. */
export function failIntent(account: Account, intent: PaymentIntent, error: PaymentError): PaymentIntent {
  const changes = {
    status: 'requires_payment_method',
    last_payment_error: error,
    payment_method: null,
  } as const;
  const failed = account.update('payment_intent', intent, changes, null);
  account.emit('payment_intent.payment_failed', failed);
  return failed;
}

/** Returns the error of a card that its bank declined. */
export function declined(declineCode: string): PaymentError {
  return {
    type: 'card_error',
    code: 'card_declined',
    decline_code: declineCode,
    message: 'Your card was declined.',
  };
}
