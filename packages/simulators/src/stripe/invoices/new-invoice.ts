import type { Account } from '../account/account.ts';
import type { Customer } from '../customers/customer.ts';
import { taxIdsOf } from '../customers/tax-id.ts';
import type { Invoice } from './invoice.ts';

export const hourSeconds = 3600;
export const daySeconds = 24 * hourSeconds;

/** What an invoice is told when it is made; the rest is as Stripe starts it. */
export type NewInvoice = Pick<Invoice, 'currency' | 'billing_reason'> & Partial<Invoice>;

/** Returns an empty draft for a customer. */
export function newInvoice(account: Account, customer: Customer, given: NewInvoice): Invoice {
  const { now } = account;
  return {
    id: account.newId('in'),
    object: 'invoice',
    account_country: 'CZ',
    account_name: 'Simulated account',
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: automaticTax(false, customer),
    automatically_finalizes_at: given.auto_advance ? now + hourSeconds : null,
    collection_method: 'charge_automatically',
    created: now,
    custom_fields: customer.invoice_settings.custom_fields,
    customer: customer.id,
    customer_account: null,
    ...partiesOf(account, customer),
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: customer.invoice_settings.footer,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: now,
    period_start: now,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: null,
    ...given,
  };
}

/** Returns what an invoice repeats of its customer; frozen at finalization. */
export function partiesOf(account: Account, customer: Customer) {
  return {
    customer_address: customer.address,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_phone: customer.phone,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt,
    customer_tax_ids: taxIdsOf(account, customer.id),
  };
}

/** Returns the state of automatic tax: it needs to know the customer's country. No tax is ever added. */
export function automaticTax(isEnabled: boolean, customer: Customer): Invoice['automatic_tax'] {
  const status = customer.address?.country ? 'complete' : 'requires_location_inputs';
  return {
    disabled_reason: null,
    enabled: isEnabled,
    liability: isEnabled ? { type: 'self' } : null,
    provider: isEnabled ? 'stripe' : null,
    status: isEnabled ? status : null,
  };
}
