import type { Metadata } from '../account/metadata.ts';
import type { ShownPrice } from '../subscriptions/subscription.ts';
import type { CreateSession } from './checkout-params.ts';

export interface SessionItem {
  id: string;
  object: 'item';
  adjustable_quantity: null;
  amount_discount: 0;
  amount_subtotal: number;
  amount_tax: number;
  amount_total: number;
  currency: string;
  description: string;
  metadata: Metadata;
  price: ShownPrice;
  quantity: number;
}

/** What Checkout knows of who paid. */
export interface CustomerDetails extends Record<'business_name' | 'individual_name' | 'phone', null> {
  address: object | null;
  email: string | null;
  name: string | null;
  tax_exempt: 'exempt' | 'none' | 'reverse';
  tax_ids: [];
}

/** Fields of a session that Stripe always shows and that are never set here. */
export type SessionAbsent =
  | 'adaptive_pricing'
  | 'after_expiration'
  | 'allow_promotion_codes'
  | 'client_secret'
  | 'collected_information'
  | 'consent'
  | 'consent_collection'
  | 'currency_conversion'
  | 'customer_account'
  | 'customer_creation'
  | 'customer_email'
  | 'discounts'
  | 'integration_identifier'
  | 'invoice_creation'
  | 'managed_payments'
  | 'origin_context'
  | 'payment_link'
  | 'payment_method_configuration_details'
  | 'payment_method_options'
  | 'permissions'
  | 'recovered_from'
  | 'saved_payment_method_options'
  | 'shipping_address_collection'
  | 'shipping_cost'
  | 'submit_type'
  | 'wallet_options';

export interface CheckoutSession extends Record<SessionAbsent, null> {
  id: string;
  object: 'checkout.session';
  allowed_payment_method_types: string[] | null;
  /** Before tax, in minor units; null in setup mode. */
  amount_subtotal: number | null;
  amount_total: number | null;
  automatic_tax: {
    enabled: boolean;
    liability: { type: 'self' } | null;
    provider: 'stripe' | null;
    status: 'complete' | 'requires_location_inputs' | null;
  };
  billing_address_collection: 'auto' | 'required' | null;
  cancel_url: string | null;
  client_reference_id: string | null;
  created: number;
  currency: string | null;
  custom_fields: [];
  custom_text: Record<'after_submit' | 'shipping_address' | 'submit' | 'terms_of_service_acceptance', null>;
  customer: string | null;
  customer_details: CustomerDetails | null;
  expires_at: number;
  invoice: string | null;
  line_items: { object: 'list'; data: SessionItem[]; has_more: false; url: string };
  livemode: false;
  locale: string | null;
  metadata: Metadata;
  mode: 'payment' | 'setup' | 'subscription';
  payment_intent: string | null;
  payment_method_collection: 'always' | 'if_required' | null;
  payment_method_types: string[];
  payment_status: 'no_payment_required' | 'paid' | 'unpaid';
  setup_intent: string | null;
  shipping_options: [];
  status: 'complete' | 'expired' | 'open';
  subscription: string | null;
  success_url: string | null;
  total_details: { amount_discount: 0; amount_shipping: 0; amount_tax: number } | null;
  ui_mode: 'hosted_page';
  url: string | null;
  /** What the session makes when it is completed; never shown. */
  given: Pick<CreateSession, 'customer_update' | 'payment_intent_data' | 'subscription_data'>;
}
