import type { Account } from '../account/account.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { invalidRequest, type StripeRefusal } from '../wire/stripe-refusal.ts';
import { billSubscription } from './bill-subscription.ts';
import { periodEndAfter } from './billing-period.ts';
import { endSubscription } from './end-subscription.ts';
import { periodEndOf, rhythmOf, type Subscription } from './subscription.ts';

/**
 * Ends the current period of a subscription: the next one begins and its invoice is made and collected. One that was
 * to end with the period ends instead, and null is returned. Returns a refusal when the payment is declined.
 */
export function renewSubscription(
  account: Account,
  subscription: Subscription,
): Invoice | StripeRefusal | null {
  if (subscription.ended_at !== null) throw invalidRequest('The subscription has ended.');
  if (subscription.status === 'incomplete')
    throw invalidRequest('The first invoice of the subscription is not paid.');
  if (subscription.cancel_at_period_end) {
    endSubscription(account, subscription, 'cancellation_requested');
    return null;
  }
  const start = periodEndOf(subscription);
  const ended = { start: subscription.items.data[0]?.current_period_start ?? start, end: start };
  const end = periodEndAfter(start, subscription.billing_cycle_anchor, rhythmOf(subscription));
  const data = subscription.items.data.map((item) => ({
    ...item,
    current_period_start: start,
    current_period_end: end,
  }));
  const items = { ...subscription.items, data };
  const moved = account.update('subscription', subscription, { items }, 'customer.subscription.updated');
  return billSubscription(account, moved, 'subscription_cycle', { isPaid: true, ended });
}
