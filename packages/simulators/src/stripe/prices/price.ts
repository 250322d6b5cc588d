import type { Metadata } from '../account/metadata.ts';

export type Interval = 'day' | 'month' | 'week' | 'year';
export type TaxBehavior = 'exclusive' | 'inclusive' | 'unspecified';

export interface Recurring {
  interval: Interval;
  interval_count: number;
  /** The meter that counts what a metered price is for. */
  meter: string | null;
  trial_period_days: null;
  usage_type: 'licensed' | 'metered';
}

export interface CurrencyOption {
  custom_unit_amount: null;
  tax_behavior: TaxBehavior;
  unit_amount: number | null;
  unit_amount_decimal: string;
}

export interface Price {
  id: string;
  object: 'price';
  active: boolean;
  billing_scheme: 'per_unit';
  created: number;
  currency: string;
  currency_options: Record<string, CurrencyOption>;
  custom_unit_amount: null;
  livemode: false;
  lookup_key: string | null;
  metadata: Metadata;
  nickname: string | null;
  product: string;
  recurring: Recurring | null;
  tax_behavior: TaxBehavior;
  tiers_mode: null;
  transform_quantity: null;
  type: 'one_time' | 'recurring';
  /** In minor units; null when the amount has a fraction. */
  unit_amount: number | null;
  unit_amount_decimal: string;
}

/** Returns the unit amount of a price in a currency as decimal minor units, or undefined if it has none in it. */
export function unitAmountIn(price: Price, currency: string): string | undefined {
  if (price.currency === currency) return price.unit_amount_decimal;
  return price.currency_options[currency]?.unit_amount_decimal;
}
