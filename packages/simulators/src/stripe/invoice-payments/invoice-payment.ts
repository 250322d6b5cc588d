import type { Account } from '../account/account.ts';
import { createCharge } from '../charges/charge.ts';
import type { ObjectTable } from '../state/object-table.ts';
import { newPaymentIntent, type PaymentIntent } from './payment-intent.ts';

const paymentsMax = 11;

export interface InvoicePayment {
  id: string;
  object: 'invoice_payment';
  /** In minor units; null until it is paid. */
  amount_paid: number | null;
  amount_requested: number;
  created: number;
  currency: string;
  invoice: string;
  is_default: true;
  livemode: false;
  payment: { type: 'payment_intent'; payment_intent: string };
  status: 'canceled' | 'open' | 'paid';
  status_transitions: { canceled_at: number | null; paid_at: number | null };
}

/** Returns the payments of an invoice, newest first, at most eleven. */
export function listPaymentsOf(objects: ObjectTable, invoiceId: string): InvoicePayment[] {
  const where = { '$.invoice': invoiceId } as const;
  return objects.list('invoice_payment', { where, order: 'newest first', limit: paymentsMax });
}

/** Opens the payment of a finalized invoice, with a payment intent over the amount due. */
export function openPayment(
  account: Account,
  invoice: { id: string; amount_due: number; currency: string; customer: string; number: string | null },
): void {
  const { amount_due: amount, currency, customer } = invoice;
  const intent = newPaymentIntent({
    id: account.newId('pi'),
    amount,
    currency,
    customer,
    created: account.now,
    description: invoice.number === null ? null : `Payment for invoice ${invoice.number}`,
  });
  account.create('payment_intent', intent, 'payment_intent.created');
  const payment: InvoicePayment = {
    id: account.newId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: amount,
    created: account.now,
    currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  };
  account.create('invoice_payment', payment, null);
}

/** Records that the open payment of an invoice came in. */
export function settlePayment(account: Account, invoiceId: string, paymentMethod: string | null): void {
  const open = openPaymentOf(account, invoiceId);
  if (open === undefined) return;
  const { payment, intent } = open;
  const paid = {
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: account.newId('ch'),
  } as const;
  const changes = { ...paid, payment_method: paymentMethod, last_payment_error: null };
  createCharge(account, { ...intent, ...changes }, paid.latest_charge);
  account.update('payment_intent', intent, changes, 'payment_intent.succeeded');
  const transitions = { ...payment.status_transitions, paid_at: account.now };
  account.update(
    'invoice_payment',
    payment,
    { status: 'paid', amount_paid: intent.amount, status_transitions: transitions },
    'invoice_payment.paid',
  );
}

/** Records on the payment intent that the card was declined; the payment stays open. */
export function failPayment(
  account: Account,
  invoiceId: string,
  error: PaymentIntent['last_payment_error'],
): void {
  const open = openPaymentOf(account, invoiceId);
  if (open === undefined) return;
  account.update('payment_intent', open.intent, { last_payment_error: error }, null);
  account.emit('payment_intent.payment_failed', account.get('payment_intent', open.intent.id));
}

/** Gives up the open payment of an invoice, if there is one. */
export function cancelPayment(account: Account, invoiceId: string): void {
  const open = openPaymentOf(account, invoiceId);
  if (open === undefined) return;
  const canceled = {
    status: 'canceled',
    canceled_at: account.now,
    cancellation_reason: 'void_invoice',
  } as const;
  account.update('payment_intent', open.intent, canceled, 'payment_intent.canceled');
  const transitions = { ...open.payment.status_transitions, canceled_at: account.now };
  account.update(
    'invoice_payment',
    open.payment,
    { status: 'canceled', status_transitions: transitions },
    null,
  );
}

function openPaymentOf(account: Account, invoiceId: string) {
  const payment = listPaymentsOf(account.objects, invoiceId).find(({ status }) => status === 'open');
  if (payment === undefined) return undefined;
  return { payment, intent: account.get('payment_intent', payment.payment.payment_intent) };
}
