import { z } from 'zod';
import {
  boolean,
  currency,
  expand,
  list,
  metadata,
  natural,
  notSimulated,
  text,
  unsettable,
} from '../wire/parameters.ts';

const newItem = {
  metadata,
  price: text().optional(),
  quantity: natural.optional(),
  ...notSimulated('billing_thresholds', 'current_trial', 'discounts', 'plan', 'price_data', 'tax_rates'),
};

const feedback = ['customer_service', 'low_quality', 'missing_features', 'other'] as const;
const moreFeedback = ['switched_service', 'too_complex', 'too_expensive', 'unused'] as const;

export const cancellationDetails = z.strictObject({
  comment: unsettable(text()).optional(),
  feedback: unsettable(z.enum([...feedback, ...moreFeedback])).optional(),
  ...notSimulated('feedback_option'),
});

/** What creating and updating a subscription have in common. */
const common = {
  automatic_tax: z.strictObject({ enabled: boolean, ...notSimulated('liability') }).optional(),
  cancel_at_period_end: boolean.optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  days_until_due: natural.optional(),
  default_payment_method: text().optional(),
  description: unsettable(text(500)).optional(),
  expand,
  metadata,
  off_session: boolean.optional(),
  payment_settings: z
    .strictObject({
      save_default_payment_method: z.enum(['off', 'on_subscription']).optional(),
      ...notSimulated('payment_method_options', 'payment_method_types'),
    })
    .optional(),
  pending_invoice_item_interval: unsettable(
    z.strictObject({
      interval: z.enum(['day', 'month', 'week', 'year']),
      interval_count: natural.optional(),
    }),
  ).optional(),
  proration_behavior: z.enum(['always_invoice', 'create_prorations', 'none']).optional(),
  ...notSimulated(
    'add_invoice_items',
    'application_fee_percent',
    'billing_cycle_anchor',
    'billing_schedules',
  ),
  ...notSimulated('billing_thresholds', 'cancel_at', 'default_source', 'default_tax_rates', 'discounts'),
  ...notSimulated('invoice_settings', 'on_behalf_of', 'transfer_data', 'trial_end', 'trial_from_plan'),
  ...notSimulated('trial_settings'),
};

export const CreateSubscription = z.strictObject({
  ...common,
  billing_mode: z
    .strictObject({
      type: z.enum(['classic', 'flexible']),
      flexible: z.strictObject({ proration_discounts: z.literal('included').optional() }).optional(),
    })
    .optional(),
  currency: currency.optional(),
  customer: text(),
  items: list(z.strictObject(newItem)),
  payment_behavior: z.enum(['allow_incomplete', 'default_incomplete', 'error_if_incomplete']).optional(),
  ...notSimulated('backdate_start_date', 'billing_cycle_anchor_config', 'customer_account'),
  ...notSimulated('trial_period_days'),
});

export const UpdateSubscription = z.strictObject({
  ...common,
  cancellation_details: cancellationDetails.optional(),
  items: list(
    z.strictObject({
      ...newItem,
      id: text().optional(),
      deleted: boolean.optional(),
      ...notSimulated('clear_usage'),
    }),
  ).optional(),
  payment_behavior: z
    .enum(['allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete'])
    .optional(),
  ...notSimulated('pause_collection', 'proration_date'),
});

export type CreateSubscription = z.output<typeof CreateSubscription>;
export type UpdateSubscription = z.output<typeof UpdateSubscription>;
