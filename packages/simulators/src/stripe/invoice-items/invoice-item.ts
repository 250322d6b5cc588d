import type { Metadata } from '../account/metadata.ts';
import type { TaxRate } from '../tax/tax-operations.ts';

/** Both ends are included; seconds. */
export interface Period {
  start: number;
  end: number;
}

export interface Pricing {
  type: 'price_details';
  price_details: { price: string; product: string };
  unit_amount_decimal: string;
}

export interface InvoiceItem {
  id: string;
  object: 'invoiceitem';
  /** In minor units. */
  amount: number;
  currency: string;
  customer: string;
  customer_account: null;
  date: number;
  description: string | null;
  discountable: boolean;
  discounts: [];
  frozen_fields: [];
  /** Null while the item is pending. */
  invoice: string | null;
  livemode: false;
  metadata: Metadata;
  net_amount: number;
  parent: { type: 'subscription_details'; subscription_details: { subscription: string } } | null;
  period: Period;
  pricing: Pricing;
  proration: false;
  /** The whole part of `quantity_decimal`. */
  quantity: number;
  quantity_decimal: string;
  tax_rates: TaxRate[];
  test_clock: null;
}

/** Returns the subscription whose next invoice an item is reserved for, or null. */
export function reservedFor(item: InvoiceItem): string | null {
  return item.parent?.subscription_details.subscription ?? null;
}
