import type { Account } from '../account/account.ts';
import { type Invoice, subscriptionOf } from '../invoices/invoice.ts';

/** Makes a subscription active when its latest invoice was paid. */
export function afterInvoicePaid(account: Account, invoice: Invoice): void {
  const subscription = latestOf(account, invoice);
  if (subscription === undefined) return;
  const changes = { status: 'active' } as const;
  account.update('subscription', subscription, changes, 'customer.subscription.updated');
}

/** Makes a running subscription past due when the payment of its latest invoice failed. */
export function afterPaymentFailed(account: Account, invoice: Invoice): void {
  const subscription = latestOf(account, invoice);
  if (subscription?.status !== 'active') return;
  account.update('subscription', subscription, { status: 'past_due' }, 'customer.subscription.updated');
}

function latestOf(account: Account, invoice: Invoice) {
  const id = subscriptionOf(invoice);
  const subscription = id === null ? undefined : account.objects.find('subscription', id);
  const follows = subscription?.latest_invoice === invoice.id && subscription.ended_at === null;
  return follows ? subscription : undefined;
}
