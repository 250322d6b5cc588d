import type { Metadata } from '../account/metadata.ts';

export interface Address {
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}

export interface CustomField {
  name: string;
  value: string;
}

export interface Customer {
  id: string;
  object: 'customer';
  address: Address | null;
  /** In minor units of `currency`; positive means that the customer owes. */
  balance: number;
  created: number;
  currency: string | null;
  customer_account: null;
  default_source: null;
  delinquent: boolean;
  description: string | null;
  email: string | null;
  /** Balances by currency. */
  invoice_credit_balance: Record<string, number>;
  invoice_prefix: string;
  invoice_settings: {
    custom_fields: CustomField[] | null;
    default_payment_method: string | null;
    footer: string | null;
    rendering_options: null;
  };
  livemode: false;
  metadata: Metadata;
  name: string | null;
  next_invoice_sequence: number;
  phone: string | null;
  preferred_locales: string[];
  shipping: null;
  tax_exempt: 'exempt' | 'none' | 'reverse';
  test_clock: null;
}

export interface DeletedCustomer {
  id: string;
  object: 'customer';
  deleted: true;
}
