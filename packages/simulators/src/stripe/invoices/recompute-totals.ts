import type { Account } from '../account/account.ts';
import { balanceOf } from '../customers/balance-transaction.ts';
import type { Customer } from '../customers/customer.ts';
import type { ObjectTable } from '../state/object-table.ts';
import { taxesOf } from '../tax/line-taxes.ts';
import { computeTotals } from './compute-totals.ts';
import type { Invoice } from './invoice.ts';
import type { LineItem } from './line-item.ts';

/** At most so many items are on one invoice. */
export const itemsMax = 250;
// The lines of a subscription come on top of the items.
const linesMax = itemsMax + 50;

/** Brings the taxes and totals of a draft up to date with its lines and the customer's balance. */
export function recomputeTotals(
  account: Account,
  draft: Invoice,
  eventType: string | null = 'invoice.updated',
): Invoice {
  const customer = account.get('customer', draft.customer);
  const lines = linesOf(account.objects, draft.id).map((line) => taxed(account, draft, customer, line));
  const totals = computeTotals(lines, balanceOf(customer, draft.currency));
  return account.update('invoice', draft, totals, eventType);
}

/** Returns all lines of an invoice in their order. */
export function linesOf(objects: ObjectTable, invoice: string) {
  const where = { '$.invoice': invoice } as const;
  return objects.list('line_item', { where, order: 'oldest first', limit: linesMax });
}

function taxed(account: Account, draft: Invoice, customer: Customer, line: LineItem): LineItem {
  const itemId = line.parent.invoice_item_details?.invoice_item;
  const item = itemId === undefined ? undefined : account.objects.find('invoiceitem', itemId);
  const taxes = taxesOf(line.amount, {
    rates: item?.tax_rates ?? [],
    isAutomatic: draft.automatic_tax.enabled,
    customer,
  });
  return account.update('line_item', line, { taxes }, null);
}
