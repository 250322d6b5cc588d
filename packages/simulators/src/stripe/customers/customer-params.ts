import { z } from 'zod';
import {
  boolean,
  expand,
  integer,
  list,
  metadata,
  natural,
  notSimulated,
  text,
  unsettable,
} from '../wire/parameters.ts';

const addressLine = unsettable(text()).optional();

const address = z.strictObject({
  city: addressLine,
  country: addressLine,
  line1: addressLine,
  line2: addressLine,
  postal_code: addressLine,
  state: addressLine,
});

const customFields = unsettable(list(z.strictObject({ name: text(40), value: text(140) })));

// Stripe knows some 130 of them; they are told by their form here, `eu_vat` for one.
const taxIdType = z.string().regex(/^[a-z]{2}_[a-z]+(_[a-z]+)?$/);

/** What creating and updating a customer have in common. */
const common = {
  address: unsettable(address).optional(),
  balance: integer.optional(),
  description: unsettable(text()).optional(),
  email: unsettable(text(512)).optional(),
  expand,
  invoice_prefix: text(12).optional(),
  invoice_settings: z
    .strictObject({
      custom_fields: customFields.optional(),
      default_payment_method: unsettable(text()).optional(),
      footer: unsettable(text()).optional(),
      ...notSimulated('rendering_options'),
    })
    .optional(),
  metadata,
  name: unsettable(text(256)).optional(),
  next_invoice_sequence: natural.optional(),
  phone: unsettable(text(20)).optional(),
  preferred_locales: list(text()).optional(),
  tax_exempt: unsettable(z.enum(['exempt', 'none', 'reverse'])).optional(),
  validate: boolean.optional(),
  ...notSimulated('business_name', 'cash_balance', 'individual_name', 'shipping', 'source'),
};

export const CreateCustomer = z.strictObject({
  ...common,
  payment_method: text().optional(),
  tax: z
    .strictObject({
      validate_location: z.enum(['deferred', 'immediately']).optional(),
      ...notSimulated('ip_address'),
    })
    .optional(),
  tax_id_data: list(z.strictObject({ type: taxIdType, value: text() })).optional(),
  ...notSimulated('test_clock'),
});

export const UpdateCustomer = z.strictObject({
  ...common,
  tax: z
    .strictObject({
      validate_location: z.enum(['auto', 'deferred', 'immediately']).optional(),
      ...notSimulated('ip_address'),
    })
    .optional(),
  ...notSimulated('default_source'),
});

export type CreateCustomer = z.output<typeof CreateCustomer>;
export type UpdateCustomer = z.output<typeof UpdateCustomer>;
