import type { Account } from '../account/account.ts';
import type { Metadata } from '../account/metadata.ts';
import type { Charge } from '../charges/charge.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';

export interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  balance_transaction: null;
  charge: string;
  created: number;
  currency: string;
  customer: string | null;
  customer_account: null;
  failure_reason?: 'expired_or_canceled_card';
  metadata: Metadata;
  payment_intent: string;
  payment_method: string | null;
  reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
  receipt_number: null;
  source_transfer_reversal: null;
  status: 'canceled' | 'failed' | 'pending' | 'succeeded';
  transfer_reversal: null;
}

export interface NewRefund {
  charge: Charge;
  /** In minor units; all that is left without it. */
  amount: number | undefined;
  reason: Refund['reason'];
  metadata: Metadata;
}

/** Gives a charge, or a part of it, back. Refuses more than is left of it. */
export function createRefund(account: Account, { charge, amount, reason, metadata }: NewRefund): Refund {
  const left = charge.amount - charge.amount_refunded;
  if (charge.disputed)
    throw invalidRequest('This charge has been charged back.', { code: 'charge_disputed' });
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  const refunded = amount ?? left;
  if (refunded < 1 || refunded > left) {
    throw invalidRequest(
      `Refund amount (${refunded}) is greater than unrefunded amount on charge (${left}).`,
      {
        param: 'amount',
      },
    );
  }
  const refund: Refund = {
    id: account.newId('re'),
    object: 'refund',
    amount: refunded,
    balance_transaction: null,
    charge: charge.id,
    created: account.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
  account.create('refund', refund, 'refund.created');
  countRefunded(account, charge, refunded, 'charge.refunded');
  return refund;
}

/** Lets a refund fail after all, as a closed card does days later: the money is ours again. */
export function failRefund(account: Account, refund: Refund): Refund {
  if (refund.status !== 'succeeded' && refund.status !== 'pending')
    throw invalidRequest(`A refund that is ${refund.status} cannot fail.`);
  const changes = { status: 'failed', failure_reason: 'expired_or_canceled_card' } as const;
  const failed = account.update('refund', refund, changes, 'refund.updated');
  account.emit('refund.failed', failed);
  countRefunded(account, account.get('charge', refund.charge), -refund.amount, 'charge.updated');
  return failed;
}

function countRefunded(account: Account, charge: Charge, by: number, event: string): void {
  const amountRefunded = charge.amount_refunded + by;
  const changes = { amount_refunded: amountRefunded, refunded: amountRefunded === charge.amount };
  account.update('charge', charge, changes, event);
}
