import type { Account } from '../account/account.ts';
import { given } from '../account/given.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { lineOfItem } from '../invoices/line-item.ts';
import { recomputeTotals } from '../invoices/recompute-totals.ts';
import { refuseUneditable } from '../invoices/refuse-uneditable.ts';
import type { InvoiceItem } from './invoice-item.ts';
import type { UpdateInvoiceItem } from './invoice-item-params.ts';

const linesMax = 1;

/** Changes words and metadata of an item that is pending or on a draft; its line follows. */
export function updateInvoiceItem(account: Account, params: UpdateInvoiceItem, id: string): InvoiceItem {
  const item = account.get('invoiceitem', id);
  refuseFrozen(account, item);
  const { description, discountable, period } = params;
  const changes = {
    ...given({ description, discountable, period }),
    metadata: mergeMetadata(item.metadata, params.metadata),
  };
  const changed = account.update('invoiceitem', item, changes, null);
  const line = lineOf(account, item);
  if (line) account.update('line_item', line, { ...lineOfItem(changed, line.invoice), id: line.id }, null);
  return changed;
}

/** Deletes an item that is pending or on a draft; the draft's totals follow. */
export function deleteInvoiceItem(account: Account, _params: object, id: string): object {
  const item = account.get('invoiceitem', id);
  refuseFrozen(account, item);
  const line = lineOf(account, item);
  account.remove('invoiceitem', item, 'invoiceitem.deleted');
  if (line && item.invoice !== null) {
    account.remove('line_item', line, null);
    recomputeTotals(account, account.get('invoice', item.invoice));
  }
  return { id, object: 'invoiceitem', deleted: true };
}

function refuseFrozen(account: Account, item: InvoiceItem): void {
  if (item.invoice !== null) refuseUneditable(account.get('invoice', item.invoice));
}

function lineOf(account: Account, item: InvoiceItem) {
  if (item.invoice === null) return undefined;
  const where = {
    '$.invoice': item.invoice,
    '$.parent.invoice_item_details.invoice_item': item.id,
  } as const;
  return account.objects.list('line_item', { where, order: 'oldest first', limit: linesMax })[0];
}
