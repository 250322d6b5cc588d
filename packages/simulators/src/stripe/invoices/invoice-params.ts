import { z } from 'zod';
import {
  boolean,
  currency,
  expand,
  integer,
  list,
  metadata,
  natural,
  notSimulated,
  text,
  unsettable,
} from '../wire/parameters.ts';

const automaticTax = z.strictObject({ enabled: boolean, ...notSimulated('liability') });

const rendering = z.strictObject({
  amount_tax_display: unsettable(z.enum(['exclude_tax', 'include_inclusive_tax'])).optional(),
  ...notSimulated('pdf', 'template', 'template_version'),
});

/** What creating and updating an invoice have in common. */
const common = {
  auto_advance: boolean.optional(),
  automatic_tax: automaticTax.optional(),
  automatically_finalizes_at: natural.optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  custom_fields: unsettable(list(z.strictObject({ name: text(40), value: text(140) }))).optional(),
  days_until_due: natural.optional(),
  default_payment_method: text().optional(),
  description: text(1500).optional(),
  due_date: integer.optional(),
  effective_at: unsettable(integer).optional(),
  expand,
  footer: text().optional(),
  metadata,
  number: unsettable(text(26)).optional(),
  rendering: rendering.optional(),
  statement_descriptor: text(22).optional(),
  ...notSimulated('account_tax_ids', 'application_fee_amount', 'default_source', 'default_tax_rates'),
  ...notSimulated('discounts', 'issuer', 'on_behalf_of', 'payment_settings', 'shipping_cost'),
  ...notSimulated('shipping_details', 'transfer_data'),
};

export const CreateInvoice = z.strictObject({
  ...common,
  currency: currency.optional(),
  customer: text(),
  pending_invoice_items_behavior: z.enum(['exclude', 'include']).optional(),
  subscription: text().optional(),
  ...notSimulated('customer_account', 'from_invoice'),
});

export const UpdateInvoice = z.strictObject(common);

export type CreateInvoice = z.output<typeof CreateInvoice>;
export type UpdateInvoice = z.output<typeof UpdateInvoice>;
