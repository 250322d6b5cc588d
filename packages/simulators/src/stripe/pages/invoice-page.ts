import { type Column, dataTable } from '../../common/pages/data-table.ts';
import { html } from '../../common/pages/html.ts';
import { pageLayout } from '../../common/pages/page-layout.ts';
import type { LineItem } from '../invoices/line-item.ts';
import { linesOf } from '../invoices/recompute-totals.ts';
import type { ObjectTable } from '../state/object-table.ts';
import { amountText, timeText } from './amount.ts';

const columns: Column<LineItem>[] = [
  { heading: 'Description', kind: 'text', cell: ({ description }) => description ?? '' },
  { heading: 'From', kind: 'plain', cell: ({ period }) => timeText(period.start) },
  { heading: 'To', kind: 'plain', cell: ({ period }) => timeText(period.end) },
  { heading: 'Quantity', kind: 'number', cell: ({ quantity_decimal: quantity }) => quantity },
  { heading: 'Amount', kind: 'number', cell: ({ amount, currency }) => amountText(amount, currency) },
];

/** Returns the page a customer would be sent to, or undefined if there is no such invoice. */
export function invoicePage(objects: ObjectTable, id: string): string | undefined {
  const invoice = objects.find('invoice', id);
  if (invoice === undefined) return undefined;
  const lines = linesOf(objects, id);
  const { currency } = invoice;
  return pageLayout({
    title: `Invoice ${invoice.number ?? '(draft)'}`,
    note: `${invoice.customer_name ?? invoice.customer}, ${invoice.status}`,
    refreshing: false,
    content: html`<h2>Lines</h2>
${dataTable(lines, columns)}
<h2>Total</h2>
<p>${amountText(invoice.total, currency)}, of which ${amountText(invoice.amount_remaining, currency)} is open</p>`,
  });
}
