import type { Account } from '../account/account.ts';
import { changeBalance } from '../customers/balance-transaction.ts';
import { cancelPayment } from '../invoice-payments/invoice-payment.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import { finalizeInvoice } from './finalize-invoice.ts';
import { type Invoice, subscriptionOf } from './invoice.ts';
import { linesOf } from './recompute-totals.ts';
import { refuseUneditable } from './refuse-uneditable.ts';

/** Voids an open or uncollectible invoice and gives back the balance it had used. */
export function voidInvoice(account: Account, invoice: Invoice): Invoice {
  refuseStatus(invoice, ['open', 'uncollectible'], 'voided');
  const used = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  const { currency, customer, id } = invoice;
  if (used !== 0) {
    changeBalance(account, customer, {
      amount: -used,
      currency,
      type: 'unapplied_from_invoice',
      invoice: id,
    });
  }
  cancelPayment(account, id);
  const transitions = { ...invoice.status_transitions, voided_at: account.now };
  return close(account, invoice, { status: 'void', status_transitions: transitions }, 'invoice.voided');
}

/** Gives up an open invoice; it can still be paid or voided. */
export function markUncollectible(account: Account, invoice: Invoice): Invoice {
  refuseStatus(invoice, ['open'], 'marked uncollectible');
  const transitions = { ...invoice.status_transitions, marked_uncollectible_at: account.now };
  const changes = { status: 'uncollectible', status_transitions: transitions } as const;
  return close(account, invoice, changes, 'invoice.marked_uncollectible');
}

/** Sends an invoice that is not collected automatically; a draft is finalized first. No mail leaves. */
export function sendInvoice(account: Account, invoice: Invoice): Invoice | StripeRefusal {
  if (invoice.collection_method !== 'send_invoice') {
    throw invalidRequest("Only invoices with the collection method 'send_invoice' can be sent.");
  }
  const open = invoice.status === 'draft' ? finalizeInvoice(account, invoice) : invoice;
  if (open instanceof StripeRefusal || open.status !== 'open') return open;
  account.emit('invoice.sent', open);
  return open;
}

/** Deletes a draft that belongs to no subscription, with its lines and their items. */
export function deleteInvoice(account: Account, invoice: Invoice): object {
  refuseUneditable(invoice);
  if (subscriptionOf(invoice) !== null)
    throw invalidRequest('An invoice of a subscription must be voided instead.');
  for (const line of linesOf(account.objects, invoice.id)) {
    const item = line.parent.invoice_item_details?.invoice_item;
    const found = item === undefined ? undefined : account.objects.find('invoiceitem', item);
    if (found) account.remove('invoiceitem', found, 'invoiceitem.deleted');
    account.remove('line_item', line, null);
  }
  account.remove('invoice', invoice, 'invoice.deleted');
  return { id: invoice.id, object: 'invoice', deleted: true };
}

function close(account: Account, invoice: Invoice, changes: Partial<Invoice>, eventType: string): Invoice {
  const stopped = { ...changes, auto_advance: false, next_payment_attempt: null };
  const closed = account.update('invoice', invoice, stopped, 'invoice.updated');
  account.emit(eventType, closed);
  return closed;
}

function refuseStatus(invoice: Invoice, allowed: Invoice['status'][], verb: string): void {
  if (allowed.includes(invoice.status)) return;
  throw invalidRequest(`An invoice with status ${invoice.status} cannot be ${verb}.`, {
    code: 'status_transition_invalid',
  });
}
