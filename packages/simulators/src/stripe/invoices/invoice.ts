import type { Metadata } from '../account/metadata.ts';
import type { Address, CustomField } from '../customers/customer.ts';
import type { TaxId } from '../customers/tax-id.ts';
import type { LineTax } from '../tax/line-taxes.ts';

export type CollectionMethod = 'charge_automatically' | 'send_invoice';
export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';

export interface InvoiceParent {
  type: 'subscription_details';
  quote_details: null;
  subscription_details: { metadata: Metadata; subscription: string };
}

export interface FinalizationError {
  type: 'invalid_request_error';
  code: 'customer_tax_location_invalid';
  message: string;
}

/** An invoice without its lines, which are objects of their own. Amounts are in minor units, instants in seconds. */
export interface Invoice {
  id: string;
  object: 'invoice';
  account_country: string;
  account_name: string;
  account_tax_ids: null;
  amount_due: number;
  amount_overpaid: 0;
  amount_paid: number;
  amount_paid_off_stripe: number;
  amount_remaining: number;
  amount_shipping: 0;
  application: null;
  attempt_count: number;
  attempted: boolean;
  auto_advance: boolean;
  automatic_tax: {
    disabled_reason: null;
    enabled: boolean;
    liability: { type: 'self' } | null;
    provider: 'stripe' | null;
    status: 'complete' | 'requires_location_inputs' | null;
  };
  automatically_finalizes_at: number | null;
  billing_reason:
    | 'automatic_pending_invoice_item_invoice'
    | 'manual'
    | 'subscription_create'
    | 'subscription_cycle'
    | 'subscription_update';
  collection_method: CollectionMethod;
  created: number;
  currency: string;
  custom_fields: CustomField[] | null;
  customer: string;
  customer_account: null;
  customer_address: Address | null;
  customer_email: string | null;
  customer_name: string | null;
  customer_phone: string | null;
  customer_shipping: null;
  customer_tax_exempt: 'exempt' | 'none' | 'reverse';
  customer_tax_ids: Pick<TaxId, 'type' | 'value'>[];
  default_payment_method: string | null;
  default_source: null;
  default_tax_rates: [];
  description: string | null;
  discounts: [];
  due_date: number | null;
  effective_at: number | null;
  ending_balance: number | null;
  footer: string | null;
  from_invoice: null;
  hosted_invoice_url: string | null;
  invoice_pdf: string | null;
  issuer: { type: 'self' };
  last_finalization_error: FinalizationError | null;
  latest_revision: null;
  livemode: false;
  metadata: Metadata;
  next_payment_attempt: number | null;
  number: string | null;
  on_behalf_of: null;
  parent: InvoiceParent | null;
  payment_settings: { default_mandate: null; payment_method_options: null; payment_method_types: null };
  period_end: number;
  period_start: number;
  post_payment_credit_notes_amount: 0;
  pre_payment_credit_notes_amount: 0;
  receipt_number: null;
  rendering: {
    amount_tax_display: string | null;
    pdf: { page_size: 'auto' };
    template: null;
    template_version: null;
  } | null;
  shipping_cost: null;
  shipping_details: null;
  starting_balance: number;
  statement_descriptor: string | null;
  status: InvoiceStatus;
  status_transitions: {
    finalized_at: number | null;
    marked_uncollectible_at: number | null;
    paid_at: number | null;
    voided_at: number | null;
  };
  subtotal: number;
  subtotal_excluding_tax: number;
  test_clock: null;
  total: number;
  total_discount_amounts: [];
  total_excluding_tax: number;
  total_pretax_credit_amounts: [];
  total_taxes: LineTax[];
  webhooks_delivered_at: number | null;
}

/** Returns the subscription an invoice belongs to, or null. */
export function subscriptionOf(invoice: Invoice): string | null {
  return invoice.parent?.subscription_details.subscription ?? null;
}
