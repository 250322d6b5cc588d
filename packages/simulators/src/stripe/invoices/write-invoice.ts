import type { Account } from '../account/account.ts';
import { accountCurrency } from '../account/account-currency.ts';
import { given } from '../account/given.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { claimCurrency } from '../customers/claim-currency.ts';
import { invalidRequest, noSuch } from '../wire/stripe-refusal.ts';
import type { Invoice, InvoiceParent } from './invoice.ts';
import type { CreateInvoice, UpdateInvoice } from './invoice-params.ts';
import { automaticTax, daySeconds, hourSeconds, newInvoice } from './new-invoice.ts';
import { recomputeTotals } from './recompute-totals.ts';
import { refuseUneditable } from './refuse-uneditable.ts';
import { takePendingItems } from './take-pending-items.ts';

/** Creates a draft; pending items are taken in only when asked for. */
export function createInvoice(account: Account, params: CreateInvoice): Invoice {
  const customer = account.get('customer', params.customer, 'customer');
  const currency = params.currency ?? customer.currency ?? accountCurrency;
  const parent =
    params.subscription === undefined ? null : parentOf(account, params.subscription, params.customer);
  const blank = newInvoice(account, customer, { currency, billing_reason: 'manual', parent });
  if (params.collection_method === 'send_invoice') requireDueDate(params);
  const draft = { ...blank, ...changesOf(account, blank, params) };
  account.create('invoice', draft, null);
  claimCurrency(account, customer.id, currency);
  // An invoice for a subscription takes in what is reserved for that one, and nothing else.
  if (params.subscription !== undefined) takePendingItems(account, draft, [params.subscription]);
  else if (params.pending_invoice_items_behavior === 'include') takePendingItems(account, draft, [null]);
  const counted = recomputeTotals(account, draft, null);
  account.emit('invoice.created', counted);
  return counted;
}

/** Changes a draft; of a finalized invoice only words that are not printed on it, and whether Stripe collects it. */
export function updateInvoice(account: Account, params: UpdateInvoice, id: string): Invoice {
  const invoice = account.get('invoice', id);
  const changesAnything = Object.entries(params).some(
    ([name, value]) => !alwaysEditable.has(name) && value !== undefined,
  );
  if (changesAnything) refuseUneditable(invoice);
  return account.update('invoice', invoice, changesOf(account, invoice, params), 'invoice.updated');
}

const alwaysEditable = new Set(['auto_advance', 'default_payment_method', 'expand', 'metadata']);

function changesOf(account: Account, before: Invoice, params: UpdateInvoice): Partial<Invoice> {
  const { auto_advance, collection_method, custom_fields, default_payment_method, description } = params;
  const {
    effective_at,
    footer,
    number,
    statement_descriptor,
    due_date: dueDate,
    days_until_due: days,
  } = params;
  const isDraft = before.status === 'draft';
  const finalizesAt =
    auto_advance === false ? null : (before.automatically_finalizes_at ?? account.now + hourSeconds);
  return {
    ...given({ auto_advance, collection_method, custom_fields, default_payment_method, description }),
    ...given({ effective_at, footer, number, statement_descriptor }),
    ...(isDraft && auto_advance !== undefined ? { automatically_finalizes_at: finalizesAt } : {}),
    ...given({ automatically_finalizes_at: params.automatically_finalizes_at }),
    ...given({ due_date: dueDate ?? (days === undefined ? undefined : account.now + days * daySeconds) }),
    ...(params.automatic_tax && {
      automatic_tax: automaticTax(params.automatic_tax.enabled, account.get('customer', before.customer)),
    }),
    ...(params.rendering && {
      rendering: {
        amount_tax_display: params.rendering.amount_tax_display ?? null,
        pdf: { page_size: 'auto' },
        template: null,
        template_version: null,
      },
    }),
    metadata: mergeMetadata(before.metadata, params.metadata),
  };
}

function parentOf(account: Account, id: string, customer: string): InvoiceParent {
  const subscription = account.get('subscription', id, 'subscription');
  if (subscription.customer !== customer) throw noSuch('subscription', id, 'subscription');
  const details = { metadata: subscription.metadata, subscription: id };
  return { type: 'subscription_details', quote_details: null, subscription_details: details };
}

function requireDueDate(params: CreateInvoice): void {
  if (params.days_until_due !== undefined || params.due_date !== undefined) return;
  throw invalidRequest('An invoice that is sent needs days_until_due or due_date.', {
    code: 'parameter_missing',
    param: 'days_until_due',
  });
}
