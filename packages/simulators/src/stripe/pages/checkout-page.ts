import { type Column, dataTable } from '../../common/pages/data-table.ts';
import { type Html, html } from '../../common/pages/html.ts';
import { pageLayout } from '../../common/pages/page-layout.ts';
import type { CheckoutSession, SessionItem } from '../checkout/checkout-session.ts';
import type { ObjectTable } from '../state/object-table.ts';
import { amountText } from './amount.ts';

const columns: Column<SessionItem>[] = [
  { heading: 'What', kind: 'text', cell: ({ description }) => description },
  { heading: 'Quantity', kind: 'number', cell: ({ quantity }) => quantity },
  {
    heading: 'Amount',
    kind: 'number',
    cell: ({ amount_subtotal: amount, currency }) => amountText(amount, currency),
  },
];

const choices: Record<CheckoutSession['mode'], [string, string][]> = {
  payment: [
    ['card', 'Pay with a good card'],
    ['later', 'Pay by bank debit, which arrives later'],
    ['declined', 'Pay with a card that is declined'],
    ['charge_fails', 'Pay with a card that cannot be charged'],
    ['authentication', 'Pay with a card that asks its owner'],
  ],
  setup: [
    ['card', 'Save a good card'],
    ['charge_fails', 'Save a card that cannot be charged'],
    ['authentication', 'Save a card that asks its owner'],
    ['declined', 'Save a card that is declined'],
  ],
  subscription: [
    ['card', 'Subscribe with a good card'],
    ['declined', 'Subscribe with a card that is declined'],
  ],
};

/** Returns the page on which a customer pays, or undefined if there is no such session. */
export function checkoutPage(objects: ObjectTable, id: string, note: string | undefined): string | undefined {
  const session = objects.find('checkout.session', id);
  if (session === undefined) return undefined;
  const { amount_total: total, currency, total_details: details } = session;
  const tax = details?.amount_tax ?? 0;
  return pageLayout({
    title: session.mode === 'setup' ? 'Save a card' : 'Checkout',
    note: 'Stripe simulator: no money moves here.',
    refreshing: false,
    content: html`${note === undefined ? html`` : html`<p class="state bad" role="alert">${note}</p>`}
${session.mode === 'setup' ? html`` : dataTable(session.line_items.data, columns)}
${tax === 0 || currency === null ? html`` : html`<p>Tax: ${amountText(tax, currency)}</p>`}
${total === null || currency === null ? html`` : html`<h2>${amountText(total, currency)}</h2>`}
${actionsOf(session)}`,
  });
}

function actionsOf(session: CheckoutSession): Html {
  if (session.status === 'expired') return html`<p>This session has expired.</p>`;
  if (session.status === 'complete') return settlementOf(session);
  const back = session.cancel_url;
  return html`<div class="actions">
${choices[session.mode].map(
  ([choice, label]) =>
    html`<form method="post" action="/checkout/${session.id}/pay"><button name="with" value="${choice}">${label}</button></form>\n`,
)}
${back === null ? html`` : html`<p><a href="${back}">Back without paying</a></p>`}
</div>`;
}

function settlementOf({ id, payment_status: status }: CheckoutSession): Html {
  if (status !== 'unpaid') return html`<p>Paid. You can close this page.</p>`;
  return html`<p>The payment is on its way.</p>
<div class="actions">
<form method="post" action="/checkout/${id}/settle"><button name="paid" value="yes">Let the money arrive</button></form>
<form method="post" action="/checkout/${id}/settle"><button name="paid" value="no">Let the debit bounce</button></form>
</div>`;
}
