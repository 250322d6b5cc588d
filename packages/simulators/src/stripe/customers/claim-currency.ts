import type { Account } from '../account/account.ts';

/** Makes a currency the customer's own with its first billing object; later ones change nothing. */
export function claimCurrency(account: Account, customerId: string, currency: string): void {
  const customer = account.get('customer', customerId);
  if (customer.currency !== null) return;
  account.update('customer', customer, { currency }, 'customer.updated');
}
