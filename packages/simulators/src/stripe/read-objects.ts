import type { BalanceTransaction } from './customers/balance-transaction.ts';
import type { Customer } from './customers/customer.ts';
import type { StripeEvent } from './events/stripe-event.ts';
import type { InvoiceItem } from './invoice-items/invoice-item.ts';
import type { InvoicePayment } from './invoice-payments/invoice-payment.ts';
import type { Invoice } from './invoices/invoice.ts';
import type { LineItem } from './invoices/line-item.ts';
import type { Price } from './prices/price.ts';
import type { Product } from './products/product.ts';
import type { ObjectQuery, ObjectTable } from './state/object-table.ts';
import type { StripeKinds } from './state/stripe-kinds.ts';
import type { Subscription } from './subscriptions/subscription.ts';

const readMax = 100_000;

/** What the simulator holds, oldest first, at most the first 100,000 of each. */
export interface StoredObjects {
  customers(): Customer[];
  balanceTransactions(customer?: string): BalanceTransaction[];
  products(): Product[];
  prices(): Price[];
  subscriptions(): Subscription[];
  invoiceItems(): InvoiceItem[];
  invoices(): Invoice[];
  lines(invoice: string): LineItem[];
  invoicePayments(): InvoicePayment[];
  /** With an event's id, those after it. */
  events(after?: string): StripeEvent[];
}

/** Returns typed access to what is stored. */
export function readObjects(objects: ObjectTable): StoredObjects {
  const all = <K extends keyof StripeKinds>(kind: K, query: Pick<ObjectQuery, 'where' | 'afterSeq'> = {}) =>
    objects.list(kind, { ...query, order: 'oldest first', limit: readMax });
  return {
    customers: () => all('customer'),
    balanceTransactions: (customer) =>
      all('customer_balance_transaction', { where: { '$.customer': customer } }),
    products: () => all('product'),
    prices: () => all('price'),
    subscriptions: () => all('subscription'),
    invoiceItems: () => all('invoiceitem'),
    invoices: () => all('invoice'),
    lines: (invoice) => all('line_item', { where: { '$.invoice': invoice } }),
    invoicePayments: () => all('invoice_payment'),
    events: (after) =>
      all('event', { afterSeq: after === undefined ? undefined : objects.seqOf('event', after) }),
  };
}
