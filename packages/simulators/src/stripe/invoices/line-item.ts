import type { Metadata } from '../account/metadata.ts';
import { type InvoiceItem, type Period, type Pricing, reservedFor } from '../invoice-items/invoice-item.ts';
import type { LineTax } from '../tax/line-taxes.ts';

export interface LineItem {
  id: string;
  object: 'line_item';
  /** In minor units, rounded once. */
  amount: number;
  currency: string;
  description: string | null;
  discount_amounts: [];
  discountable: boolean;
  discounts: [];
  invoice: string;
  livemode: false;
  metadata: Metadata;
  parent: InvoiceItemParent | SubscriptionItemParent;
  period: Period;
  pretax_credit_amounts: [];
  pricing: Pricing;
  quantity: number;
  quantity_decimal: string;
  subscription: string | null;
  subtotal: number;
  taxes: LineTax[];
}

interface InvoiceItemParent {
  type: 'invoice_item_details';
  invoice_item_details: {
    invoice_item: string;
    proration: false;
    proration_details: null;
    subscription: string | null;
  };
  subscription_item_details: null;
}

interface SubscriptionItemParent {
  type: 'subscription_item_details';
  invoice_item_details: null;
  subscription_item_details: {
    invoice_item: null;
    proration: false;
    proration_details: null;
    subscription: string;
    subscription_item: string;
  };
}

/** What a line is about, beside its place on an invoice. */
export type LineContent = Pick<
  LineItem,
  'amount' | 'currency' | 'description' | 'metadata' | 'parent' | 'period' | 'pricing' | 'quantity'
> & { quantity_decimal: string; subscription: string | null; discountable: boolean };

/** Returns the line of an invoice item, still without an id. */
export function lineOfItem(item: InvoiceItem, invoice: string): Omit<LineItem, 'id'> {
  const {
    amount,
    currency,
    description,
    discountable,
    metadata,
    period,
    pricing,
    quantity,
    quantity_decimal,
  } = item;
  const subscription = reservedFor(item);
  const parent: InvoiceItemParent = {
    type: 'invoice_item_details',
    invoice_item_details: { invoice_item: item.id, proration: false, proration_details: null, subscription },
    subscription_item_details: null,
  };
  const words = { amount, currency, description, discountable, metadata, period, pricing, quantity };
  return newLine(invoice, { ...words, quantity_decimal, subscription, parent });
}

/** Returns a line of an invoice, still without an id. */
export function newLine(invoice: string, content: LineContent): Omit<LineItem, 'id'> {
  return {
    object: 'line_item',
    discount_amounts: [],
    discounts: [],
    invoice,
    livemode: false,
    pretax_credit_amounts: [],
    subtotal: content.amount,
    taxes: [],
    ...content,
  };
}
