import { z } from 'zod';
import { taxBehavior } from '../prices/create-price.ts';
import {
  boolean,
  currency,
  decimal,
  expand,
  integer,
  list,
  metadata,
  natural,
  notSimulated,
  text,
} from '../wire/parameters.ts';

const priceData = z.strictObject({
  currency,
  product: text().optional(),
  product_data: z
    .strictObject({
      description: text().optional(),
      metadata,
      name: text(),
      tax_code: text().optional(),
      unit_label: text(12).optional(),
      ...notSimulated('images', 'tax_details'),
    })
    .optional(),
  tax_behavior: taxBehavior.optional(),
  unit_amount: natural.optional(),
  unit_amount_decimal: decimal.optional(),
  ...notSimulated('recurring'),
});

const lineItem = z.strictObject({
  price: text().optional(),
  price_data: priceData.optional(),
  quantity: natural.optional(),
  ...notSimulated('adjustable_quantity', 'metadata', 'tax_rates'),
});

const auto = z.enum(['auto', 'never']).optional();

export const CreateSession = z.strictObject({
  allowed_payment_method_types: list(text()).optional(),
  automatic_tax: z.strictObject({ enabled: boolean, ...notSimulated('liability') }).optional(),
  billing_address_collection: z.enum(['auto', 'required']).optional(),
  cancel_url: text(2048).optional(),
  client_reference_id: text(200).optional(),
  currency: currency.optional(),
  customer: text().optional(),
  customer_update: z.strictObject({ address: auto, name: auto, ...notSimulated('shipping') }).optional(),
  expand,
  expires_at: integer.optional(),
  line_items: list(lineItem).optional(),
  locale: text(10).optional(),
  metadata,
  mode: z.enum(['payment', 'setup', 'subscription']),
  payment_intent_data: z
    .strictObject({
      description: text(1000).optional(),
      metadata,
      receipt_email: text().optional(),
      setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
      ...notSimulated('capture_method', 'shipping', 'statement_descriptor', 'statement_descriptor_suffix'),
    })
    .optional(),
  payment_method_collection: z.enum(['always', 'if_required']).optional(),
  setup_intent_data: z.strictObject({ metadata, ...notSimulated('description', 'on_behalf_of') }).optional(),
  subscription_data: z
    .strictObject({
      description: text(500).optional(),
      metadata,
      pending_invoice_item_interval: z
        .strictObject({
          interval: z.enum(['day', 'month', 'week', 'year']),
          interval_count: natural.optional(),
        })
        .optional(),
      ...notSimulated('billing_cycle_anchor', 'billing_mode', 'default_tax_rates', 'invoice_settings'),
      ...notSimulated('proration_behavior', 'trial_end', 'trial_period_days', 'trial_settings'),
    })
    .optional(),
  success_url: text(2048).optional(),
  tax_id_collection: z
    .strictObject({ enabled: boolean, required: z.enum(['if_supported', 'never']).optional() })
    .optional(),
  ui_mode: z.literal('hosted_page').optional(),
  ...notSimulated('adaptive_pricing', 'after_expiration', 'allow_promotion_codes', 'branding_settings'),
  ...notSimulated(
    'consent_collection',
    'custom_fields',
    'custom_text',
    'customer_creation',
    'customer_email',
  ),
  ...notSimulated('discounts', 'excluded_payment_method_types', 'invoice_creation', 'optional_items'),
  ...notSimulated(
    'payment_method_configuration',
    'payment_method_data',
    'payment_method_options',
    'permissions',
  ),
  ...notSimulated('phone_number_collection', 'return_url', 'saved_payment_method_options', 'submit_type'),
  ...notSimulated('shipping_address_collection', 'shipping_options', 'wallet_options'),
});

export type CreateSession = z.output<typeof CreateSession>;
