import type { Metadata } from '../account/metadata.ts';
import type { StripeList } from '../account/stripe-list.ts';
import type { CollectionMethod, Invoice } from '../invoices/invoice.ts';
import type { Interval, Price, Recurring } from '../prices/price.ts';
import type { Plan } from './plan.ts';

export type ShownPrice = Omit<Price, 'currency_options'>;

export interface SubscriptionItem {
  id: string;
  object: 'subscription_item';
  billing_thresholds: null;
  created: number;
  current_period_end: number;
  current_period_start: number;
  current_trial: null;
  discounts: [];
  metadata: Metadata;
  plan: Plan;
  price: ShownPrice;
  /** A metered price has none: its meter counts. */
  quantity?: number;
  subscription: string;
  tax_rates: [];
}

export interface IntervalCount {
  interval: Interval;
  interval_count: number;
}

export type SubscriptionStatus = 'active' | 'canceled' | 'incomplete' | 'past_due';

export interface Subscription {
  id: string;
  object: 'subscription';
  application: null;
  application_fee_percent: null;
  automatic_tax: Pick<Invoice['automatic_tax'], 'disabled_reason' | 'enabled' | 'liability'>;
  billing_cycle_anchor: number;
  billing_cycle_anchor_config: null;
  billing_mode: { type: 'classic' | 'flexible'; flexible: { proration_discounts: 'included' } | null };
  billing_schedules: [];
  billing_thresholds: null;
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  canceled_at: number | null;
  cancellation_details: {
    comment: string | null;
    feedback: string | null;
    feedback_option: null;
    reason: 'cancellation_requested' | null;
  };
  collection_method: CollectionMethod;
  created: number;
  currency: string;
  customer: string;
  customer_account: null;
  days_until_due: number | null;
  default_payment_method: string | null;
  default_source: null;
  default_tax_rates: [];
  description: string | null;
  discounts: [];
  ended_at: number | null;
  invoice_settings: {
    account_tax_ids: null;
    custom_fields: null;
    description: null;
    footer: null;
    issuer: { type: 'self' };
  };
  items: StripeList<SubscriptionItem>;
  latest_invoice: string | null;
  livemode: false;
  managed_payments: null;
  metadata: Metadata;
  next_pending_invoice_item_invoice: number | null;
  on_behalf_of: null;
  pause_collection: null;
  payment_settings: {
    payment_method_options: null;
    payment_method_types: null;
    save_default_payment_method: 'off' | 'on_subscription';
  };
  pending_invoice_item_interval: IntervalCount | null;
  pending_setup_intent: null;
  pending_update: null;
  schedule: null;
  start_date: number;
  status: SubscriptionStatus;
  test_clock: null;
  transfer_data: null;
  trial_end: null;
  trial_settings: null;
  trial_start: null;
}

/** Returns how often a subscription bills; all its items have the same rhythm. */
export function rhythmOf({ items }: Subscription): Recurring {
  const recurring = items.data[0]?.price.recurring;
  if (!recurring) throw new Error('A subscription without a recurring price was stored.');
  return recurring;
}

/** Returns the end of the current period, in seconds. */
export function periodEndOf({ items }: Subscription): number {
  return Math.min(...items.data.map(({ current_period_end: end }) => end));
}
