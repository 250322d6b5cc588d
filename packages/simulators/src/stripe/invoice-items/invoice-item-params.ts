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
  unsettable,
} from '../wire/parameters.ts';

const period = z.strictObject({ start: integer, end: integer });

const priceData = z.strictObject({
  currency,
  product: text(),
  tax_behavior: taxBehavior.optional(),
  unit_amount: integer.optional(),
  unit_amount_decimal: decimal.optional(),
});

/** `price` and `unit_amount` are left out on purpose: this version of the API does not know them any more. */
export const CreateInvoiceItem = z.strictObject({
  amount: integer.optional(),
  currency: currency.optional(),
  customer: text(),
  description: text().optional(),
  discountable: boolean.optional(),
  expand,
  invoice: text().optional(),
  metadata,
  period: period.optional(),
  price_data: priceData.optional(),
  pricing: z.strictObject({ price: text().optional() }).optional(),
  quantity: natural.optional(),
  quantity_decimal: decimal.optional(),
  subscription: text().optional(),
  tax_behavior: taxBehavior.optional(),
  tax_code: unsettable(text()).optional(),
  unit_amount_decimal: decimal.optional(),
  tax_rates: list(text()).optional(),
  ...notSimulated('customer_account', 'discounts'),
});

export const UpdateInvoiceItem = z.strictObject({
  description: text().optional(),
  discountable: boolean.optional(),
  expand,
  metadata,
  period: period.optional(),
  tax_behavior: taxBehavior.optional(),
  tax_code: unsettable(text()).optional(),
  ...notSimulated('amount', 'price_data', 'pricing', 'quantity', 'quantity_decimal', 'unit_amount_decimal'),
  ...notSimulated('discounts', 'invoicing_rules', 'tax_rates'),
});

export type CreateInvoiceItem = z.output<typeof CreateInvoiceItem>;
export type UpdateInvoiceItem = z.output<typeof UpdateInvoiceItem>;
