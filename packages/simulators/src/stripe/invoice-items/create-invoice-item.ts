import type { Account } from '../account/account.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { claimCurrency } from '../customers/claim-currency.ts';
import { addItemToDraft } from '../invoices/add-item-to-draft.ts';
import { refuseUneditable } from '../invoices/refuse-uneditable.ts';
import { truncate } from '../money/decimal.ts';
import type { TaxRate } from '../tax/tax-operations.ts';
import { invalidRequest, noSuch } from '../wire/stripe-refusal.ts';
import type { InvoiceItem } from './invoice-item.ts';
import type { CreateInvoiceItem } from './invoice-item-params.ts';
import { type PricedItem, priceItem } from './price-item.ts';

/** Creates an item: on a draft invoice, reserved for a subscription's next invoice, or pending for any. */
export function createInvoiceItem(account: Account, params: CreateInvoiceItem): InvoiceItem {
  const customer = account.get('customer', params.customer, 'customer');
  const priced = priceItem(account, params);
  const reserved =
    params.subscription === undefined ? null : reserve(account, params.subscription, params, priced);
  const item = newInvoiceItem(account, params, priced, reserved);
  claimCurrency(account, customer.id, priced.currency);
  if (params.invoice === undefined) {
    account.create('invoiceitem', item, 'invoiceitem.created');
    return item;
  }
  const draft = account.get('invoice', params.invoice, 'invoice');
  if (draft.customer !== customer.id) throw noSuch('invoice', draft.id, 'invoice');
  refuseUneditable(draft);
  if (draft.currency !== priced.currency) {
    throw invalidRequest(`The invoice is in ${draft.currency}, the item in ${priced.currency}.`, {
      param: 'currency',
    });
  }
  const attached = { ...item, invoice: draft.id };
  account.create('invoiceitem', attached, 'invoiceitem.created');
  addItemToDraft(account, draft, attached);
  return attached;
}

function reserve(account: Account, id: string, params: CreateInvoiceItem, priced: PricedItem): string {
  const subscription = account.get('subscription', id, 'subscription');
  if (subscription.customer !== params.customer || subscription.ended_at !== null) {
    throw noSuch('subscription', id, 'subscription');
  }
  if (subscription.currency !== priced.currency) {
    throw invalidRequest(`The subscription is in ${subscription.currency}, the item in ${priced.currency}.`, {
      param: 'currency',
    });
  }
  return id;
}

/** Rates that are in prices already are not modelled. */
function taxRate(account: Account, id: string): TaxRate {
  const rate = account.get('tax_rate', id, 'tax_rates');
  if (!rate.active) throw invalidRequest(`The tax rate ${id} is inactive.`, { param: 'tax_rates' });
  if (!rate.inclusive) return rate;
  throw invalidRequest('This simulator does not model inclusive tax rates.', {
    code: 'not_simulated',
    param: 'tax_rates',
  });
}

function newInvoiceItem(
  account: Account,
  params: CreateInvoiceItem,
  priced: PricedItem,
  reserved: string | null,
): InvoiceItem {
  const period = params.period ?? { start: account.now, end: account.now };
  if (period.end < period.start) {
    throw invalidRequest('The period ends before it starts.', { param: 'period[end]' });
  }
  return {
    id: account.newId('ii'),
    object: 'invoiceitem',
    amount: priced.amount,
    currency: priced.currency,
    customer: params.customer,
    customer_account: null,
    date: account.now,
    description: params.description ?? null,
    discountable: params.discountable ?? true,
    discounts: [],
    frozen_fields: [],
    invoice: null,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    net_amount: priced.amount,
    parent:
      reserved === null
        ? null
        : { type: 'subscription_details', subscription_details: { subscription: reserved } },
    period,
    pricing: priced.pricing,
    proration: false,
    quantity: truncate(priced.quantityDecimal),
    quantity_decimal: priced.quantityDecimal,
    tax_rates: (params.tax_rates ?? []).map((id) => taxRate(account, id)),
    test_clock: null,
  };
}
