import type { Account } from '../account/account.ts';
import type { Subscription } from './subscription.ts';

/** Ends a subscription at once. Items reserved for it stay pending. */
export function endSubscription(
  account: Account,
  subscription: Subscription,
  reason: Subscription['cancellation_details']['reason'],
): Subscription {
  return account.update(
    'subscription',
    subscription,
    {
      status: 'canceled',
      canceled_at: subscription.canceled_at ?? account.now,
      ended_at: account.now,
      cancellation_details: { ...subscription.cancellation_details, reason },
    },
    'customer.subscription.deleted',
  );
}
