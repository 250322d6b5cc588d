import type { Account } from '../account/account.ts';
import type { InvoiceItem } from '../invoice-items/invoice-item.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import type { Invoice } from './invoice.ts';
import { lineOfItem } from './line-item.ts';
import { itemsMax, recomputeTotals } from './recompute-totals.ts';

/** Adds a line for an item to a draft and brings its totals up to date. */
export function addItemToDraft(account: Account, draft: Invoice, item: InvoiceItem): void {
  if (account.objects.count('invoiceitem', { '$.invoice': draft.id }) > itemsMax) {
    throw invalidRequest(`An invoice takes at most ${itemsMax} invoice items.`, { param: 'invoice' });
  }
  account.create('line_item', { ...lineOfItem(item, draft.id), id: account.newId('il') }, null);
  recomputeTotals(account, draft);
}
