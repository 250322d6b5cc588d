import type { Account } from '../account/account.ts';
import { type InvoiceItem, reservedFor } from '../invoice-items/invoice-item.ts';
import type { Invoice } from './invoice.ts';
import { lineOfItem } from './line-item.ts';
import { itemsMax } from './recompute-totals.ts';

// Enough to find 250 that fit among items reserved for other subscriptions.
const lookedAtMax = 5_000;

/**
 * Puts the customer's pending items in the invoice's currency on it, newest first, at most 250: those reserved for one
 * of the subscriptions, or for none where null is among them. The rest waits for the next invoice.
 */
export function takePendingItems(
  account: Account,
  invoice: Invoice,
  reservations: (string | null)[],
): InvoiceItem[] {
  const where = {
    '$.customer': invoice.customer,
    '$.invoice': null,
    '$.currency': invoice.currency,
  } as const;
  const pending = account.objects.list('invoiceitem', { where, order: 'oldest first', limit: lookedAtMax });
  const fitting = pending.filter((item) => reservations.includes(reservedFor(item)));
  const taken = fitting.slice(0, itemsMax).toReversed();
  for (const item of taken) {
    account.update('invoiceitem', item, { invoice: invoice.id }, null);
    account.create('line_item', { ...lineOfItem(item, invoice.id), id: account.newId('il') }, null);
  }
  return taken;
}
