import type { Account } from '../account/account.ts';
import { changeBalance } from '../customers/balance-transaction.ts';
import { openPayment } from '../invoice-payments/invoice-payment.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import type { FinalizationError, Invoice } from './invoice.ts';
import { markPaid } from './mark-paid.ts';
import { automaticTax, partiesOf } from './new-invoice.ts';
import { linesOf, recomputeTotals } from './recompute-totals.ts';
import { refuseUneditable } from './refuse-uneditable.ts';

const numberDigits = 4;

/**
 * Turns a draft into an open invoice with a number, using up the customer's balance; one on which nothing is due is
 * paid at once. Returns a refusal whose writes stay when automatic tax does not know the customer's country.
 */
export function finalizeInvoice(
  account: Account,
  draft: Invoice,
  { autoAdvance = draft.auto_advance }: { autoAdvance?: boolean | undefined } = {},
): Invoice | StripeRefusal {
  refuseUneditable(draft);
  if (linesOf(account.objects, draft.id).length === 0) {
    throw invalidRequest('The invoice has no lines.', { code: 'invoice_no_customer_line_items' });
  }
  const customer = account.get('customer', draft.customer);
  if (automaticTax(draft.automatic_tax.enabled, customer).status === 'requires_location_inputs') {
    return failFinalization(account, draft);
  }
  const counted = recomputeTotals(account, draft, null);
  const number = draft.number ?? nextNumber(account, customer.id);
  const open = account.update('invoice', counted, openingOf(account, counted, number, autoAdvance), null);
  applyBalance(account, open);
  account.emit('invoice.finalized', open);
  if (open.amount_due === 0) return markPaid(account, open, {});
  openPayment(account, open);
  return open;
}

function openingOf(account: Account, draft: Invoice, number: string, autoAdvance: boolean): Partial<Invoice> {
  const page = `${account.origin}/invoices/${draft.id}`;
  const customer = account.get('customer', draft.customer);
  const isCollected = autoAdvance && draft.collection_method === 'charge_automatically';
  return {
    ...partiesOf(account, customer),
    auto_advance: autoAdvance,
    automatic_tax: automaticTax(draft.automatic_tax.enabled, customer),
    automatically_finalizes_at: null,
    effective_at: draft.effective_at ?? account.now,
    ending_balance: Math.min(0, draft.total + draft.starting_balance),
    hosted_invoice_url: page,
    invoice_pdf: `${page}?pdf`,
    last_finalization_error: null,
    next_payment_attempt: isCollected ? account.now : null,
    number,
    status: 'open',
    status_transitions: { ...draft.status_transitions, finalized_at: account.now },
  };
}

// What the customer owed is now on the invoice, and credit is used up as far as it goes.
function applyBalance(account: Account, invoice: Invoice): void {
  const amount = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  if (amount === 0) return;
  const { currency, customer, id } = invoice;
  changeBalance(account, customer, { amount, currency, type: 'applied_to_invoice', invoice: id });
}

function nextNumber(account: Account, customerId: string): string {
  const customer = account.get('customer', customerId);
  const { invoice_prefix: prefix, next_invoice_sequence: sequence } = customer;
  account.update('customer', customer, { next_invoice_sequence: sequence + 1 }, null);
  return `${prefix}-${String(sequence).padStart(numberDigits, '0')}`;
}

function failFinalization(account: Account, draft: Invoice): StripeRefusal {
  const error: FinalizationError = {
    type: 'invalid_request_error',
    code: 'customer_tax_location_invalid',
    message: "The customer's location is not recognised, so that no tax can be computed.",
  };
  const failed = account.update('invoice', draft, { last_finalization_error: error }, null);
  account.emit('invoice.finalization_failed', failed);
  return new StripeRefusal(400, error);
}
