import { type Column, dataTable } from '../../common/pages/data-table.ts';
import { type Html, html } from '../../common/pages/html.ts';
import { pageLayout } from '../../common/pages/page-layout.ts';
import type { CheckoutSession } from '../checkout/checkout-session.ts';
import type { Customer } from '../customers/customer.ts';
import type { StripeEvent } from '../events/stripe-event.ts';
import type { Faults } from '../faults/faults.ts';
import type { InvoiceItem } from '../invoice-items/invoice-item.ts';
import type { Invoice } from '../invoices/invoice.ts';
import type { DeliveryTable, EventDelivery } from '../state/delivery-table.ts';
import type { State } from '../state/open-state.ts';
import type { StripeKinds } from '../state/stripe-kinds.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { periodEndOf } from '../subscriptions/subscription.ts';
import { amountText, timeText } from './amount.ts';

const shownMax = 50;

/** Returns the page that shows what the account holds, newest first, and which faults are switched on. */
export function accountPage({ objects, deliveries }: State, faults: Faults): string {
  const newest = <K extends keyof StripeKinds>(kind: K) =>
    objects.list(kind, { order: 'newest first', limit: shownMax });
  return pageLayout({
    title: 'Stripe simulator',
    note: 'No money moves here.',
    refreshing: true,
    content: html`<h2>Faults</h2>
<pre>${JSON.stringify(faults, null, 2)}</pre>
<h2>Invoices</h2>
${dataTable(newest('invoice'), invoiceColumns)}
<h2>Invoice items</h2>
${dataTable(newest('invoiceitem'), itemColumns)}
<h2>Checkout</h2>
${dataTable(newest('checkout.session'), sessionColumns)}
<h2>Subscriptions</h2>
${dataTable(newest('subscription'), subscriptionColumns)}
<h2>Customers</h2>
${dataTable(newest('customer'), customerColumns)}
<h2>Events</h2>
${dataTable(newest('event'), eventColumns(deliveries))}`,
  });
}

const invoiceLooks: Record<Invoice['status'], string> = {
  draft: '',
  open: 'under-way',
  paid: 'good',
  uncollectible: 'bad',
  void: 'bad',
};

const invoiceColumns: Column<Invoice>[] = [
  { heading: 'Created', kind: 'plain', cell: ({ created }) => timeText(created) },
  { heading: 'Number', cell: ({ id, number }) => html`<a href="/invoices/${id}">${number ?? id}</a>` },
  { heading: 'Customer', cell: ({ customer, customer_name: name }) => name ?? customer },
  { heading: 'Why', cell: ({ billing_reason: reason }) => reason },
  { heading: 'Total', kind: 'number', cell: ({ total, currency }) => amountText(total, currency) },
  { heading: 'Paid', kind: 'number', cell: ({ amount_paid: paid, currency }) => amountText(paid, currency) },
  { heading: 'Status', cell: ({ status }) => state(status, invoiceLooks[status]) },
];

const itemColumns: Column<InvoiceItem>[] = [
  { heading: 'Created', kind: 'plain', cell: ({ date }) => timeText(date) },
  { heading: 'Customer', cell: ({ customer }) => customer },
  { heading: 'Description', kind: 'text', cell: ({ description }) => description ?? '' },
  { heading: 'Quantity', kind: 'number', cell: ({ quantity_decimal: quantity }) => quantity },
  { heading: 'Amount', kind: 'number', cell: ({ amount, currency }) => amountText(amount, currency) },
  { heading: 'Metadata', cell: ({ metadata }) => JSON.stringify(metadata) },
  { heading: 'Invoice', cell: ({ invoice }) => invoice ?? state('pending', 'under-way') },
];

const sessionColumns: Column<CheckoutSession>[] = [
  { heading: 'Created', kind: 'plain', cell: ({ created }) => timeText(created) },
  { heading: 'Session', cell: ({ id }) => html`<a href="/checkout/${id}">${id}</a>` },
  { heading: 'Customer', cell: ({ customer }) => customer ?? '' },
  { heading: 'For', cell: ({ mode }) => mode },
  {
    heading: 'Total',
    kind: 'number',
    cell: ({ amount_total: total, currency }) =>
      total === null || currency === null ? '' : amountText(total, currency),
  },
  { heading: 'Status', cell: ({ status }) => status },
  {
    heading: 'Payment',
    cell: (session) => state(session.payment_status, paymentLooks[session.payment_status]),
  },
];

const paymentLooks: Record<CheckoutSession['payment_status'], string> = {
  no_payment_required: '',
  paid: 'good',
  unpaid: 'under-way',
};

const subscriptionColumns: Column<Subscription>[] = [
  { heading: 'Created', kind: 'plain', cell: ({ created }) => timeText(created) },
  { heading: 'Subscription', cell: ({ id }) => id },
  { heading: 'Customer', cell: ({ customer }) => customer },
  { heading: 'Renews', kind: 'plain', cell: (subscription) => timeText(periodEndOf(subscription)) },
  { heading: 'Status', cell: ({ status }) => state(status, status === 'active' ? 'good' : 'bad') },
];

const customerColumns: Column<Customer>[] = [
  { heading: 'Created', kind: 'plain', cell: ({ created }) => timeText(created) },
  { heading: 'Customer', cell: ({ id, name }) => html`${name ?? ''} <small>${id}</small>` },
  { heading: 'E-mail', cell: ({ email }) => email ?? '' },
  {
    heading: 'Balance',
    kind: 'number',
    cell: ({ balance, currency }) => amountText(balance, currency ?? 'usd'),
  },
  { heading: 'Metadata', cell: ({ metadata }) => JSON.stringify(metadata) },
];

function eventColumns(deliveries: DeliveryTable): Column<StripeEvent>[] {
  return [
    { heading: 'Created', kind: 'plain', cell: ({ created }) => timeText(created) },
    { heading: 'Type', cell: ({ type }) => type },
    { heading: 'Object', cell: ({ data }) => String(data.object.id) },
    {
      heading: 'Webhook',
      cell: ({ id }) => html`${deliveries.ofEvent(id).map((one) => html`${describeDelivery(one)}<br>`)}`,
    },
  ];
}

function describeDelivery({ outcome, attempts, lastAnswer }: EventDelivery): string {
  if (outcome === 'lost') return 'lost';
  if (attempts === 0) return 'waiting';
  const times = attempts === 1 ? '' : ` (${attempts} attempts)`;
  return `${lastAnswer ?? ''}${outcome === 'dropped' ? ', given up' : ''}${times}`;
}

function state(text: string, look: string): Html {
  return html`<span class="state ${look}">${text}</span>`;
}
