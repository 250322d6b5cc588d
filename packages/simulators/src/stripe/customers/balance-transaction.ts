import type { Account } from '../account/account.ts';
import type { Metadata } from '../account/metadata.ts';
import type { Customer } from './customer.ts';

export interface BalanceTransaction {
  id: string;
  object: 'customer_balance_transaction';
  /** In minor units; positive makes the customer owe more. */
  amount: number;
  checkout_session: null;
  created: number;
  credit_note: null;
  currency: string;
  customer: string;
  customer_account: null;
  description: string | null;
  ending_balance: number;
  invoice: string | null;
  livemode: false;
  metadata: Metadata;
  type: 'adjustment' | 'applied_to_invoice' | 'initial' | 'invoice_too_small' | 'unapplied_from_invoice';
}

export interface BalanceChange {
  amount: number;
  currency: string;
  type: BalanceTransaction['type'];
  invoice?: string;
  description?: string | null;
  metadata?: Metadata;
}

/** Returns what a customer owes (positive) or has as credit (negative) in a currency, in minor units. */
export function balanceOf(customer: Customer, currency: string): number {
  return customer.invoice_credit_balance[currency] ?? 0;
}

/** Moves a customer's balance in one currency, and returns the transaction that records it. */
export function changeBalance(
  account: Account,
  customerId: string,
  change: BalanceChange,
): BalanceTransaction {
  const customer = account.get('customer', customerId);
  const { amount, currency } = change;
  const endingBalance = balanceOf(customer, currency) + amount;
  const transaction: BalanceTransaction = {
    id: account.newId('cbtxn'),
    object: 'customer_balance_transaction',
    amount,
    checkout_session: null,
    created: account.now,
    credit_note: null,
    currency,
    customer: customer.id,
    customer_account: null,
    description: change.description ?? null,
    ending_balance: endingBalance,
    invoice: change.invoice ?? null,
    livemode: false,
    metadata: change.metadata ?? {},
    type: change.type,
  };
  account.create('customer_balance_transaction', transaction, null);
  const main = customer.currency ?? currency;
  const changes: Partial<Customer> = {
    invoice_credit_balance: { ...customer.invoice_credit_balance, [currency]: endingBalance },
    currency: main,
    ...(main === currency ? { balance: endingBalance } : {}),
  };
  account.update('customer', customer, changes, 'customer.updated');
  return transaction;
}
