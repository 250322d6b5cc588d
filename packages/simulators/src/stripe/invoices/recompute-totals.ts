import type { Account } from '../account/account.ts';
import { balanceOf } from '../customers/balance-transaction.ts';
import type { ObjectTable } from '../state/object-table.ts';
import { computeTotals } from './compute-totals.ts';
import type { Invoice } from './invoice.ts';

/** At most so many items are on one invoice. */
export const itemsMax = 250;
// The lines of a subscription come on top of the items.
const linesMax = itemsMax + 50;

/** Brings the totals of a draft up to date with its lines and the customer's balance. */
export function recomputeTotals(
  account: Account,
  draft: Invoice,
  eventType: string | null = 'invoice.updated',
): Invoice {
  const balance = balanceOf(account.get('customer', draft.customer), draft.currency);
  const amounts = linesOf(account.objects, draft.id).map(({ amount }) => amount);
  return account.update('invoice', draft, computeTotals(amounts, balance), eventType);
}

/** Returns all lines of an invoice in their order. */
export function linesOf(objects: ObjectTable, invoice: string) {
  const where = { '$.invoice': invoice } as const;
  return objects.list('line_item', { where, order: 'oldest first', limit: linesMax });
}
