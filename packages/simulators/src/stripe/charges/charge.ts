import { absent } from '../account/absent.ts';
import type { Account } from '../account/account.ts';
import type { Metadata } from '../account/metadata.ts';
import type { PaymentIntent } from '../invoice-payments/payment-intent.ts';

export interface Charge
  extends Record<
    | 'application'
    | 'application_fee'
    | 'application_fee_amount'
    | 'balance_transaction'
    | 'calculated_statement_descriptor'
    | 'failure_balance_transaction'
    | 'failure_code'
    | 'failure_message'
    | 'fraud_details'
    | 'on_behalf_of'
    | 'outcome'
    | 'payment_method_details'
    | 'receipt_email'
    | 'receipt_number'
    | 'receipt_url'
    | 'review'
    | 'shipping'
    | 'source'
    | 'source_transfer'
    | 'statement_descriptor'
    | 'statement_descriptor_suffix'
    | 'transfer_data'
    | 'transfer_group',
    null
  > {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  billing_details: Record<'address' | 'email' | 'name' | 'phone' | 'tax_id', null>;
  captured: true;
  created: number;
  currency: string;
  customer: string | null;
  description: string | null;
  disputed: boolean;
  livemode: false;
  metadata: Metadata;
  paid: true;
  payment_intent: string;
  payment_method: string | null;
  refunded: boolean;
  status: 'succeeded';
}

/** Records the charge by which a payment intent came in. */
export function createCharge(account: Account, intent: PaymentIntent, id: string): Charge {
  const { amount, currency, customer, description, metadata, payment_method } = intent;
  const charge: Charge = {
    ...absent('application', 'application_fee', 'application_fee_amount', 'balance_transaction'),
    ...absent('calculated_statement_descriptor', 'failure_balance_transaction', 'failure_code'),
    ...absent('failure_message', 'fraud_details', 'on_behalf_of', 'outcome', 'payment_method_details'),
    ...absent('receipt_email', 'receipt_number', 'receipt_url', 'review', 'shipping', 'source'),
    ...absent('source_transfer', 'statement_descriptor', 'statement_descriptor_suffix'),
    ...absent('transfer_data', 'transfer_group'),
    id,
    object: 'charge',
    amount,
    amount_captured: amount,
    amount_refunded: 0,
    billing_details: absent('address', 'email', 'name', 'phone', 'tax_id'),
    captured: true,
    created: account.now,
    currency,
    customer,
    description,
    disputed: false,
    livemode: false,
    metadata,
    paid: true,
    payment_intent: intent.id,
    payment_method,
    refunded: false,
    status: 'succeeded',
  };
  account.create('charge', charge, 'charge.succeeded');
  return charge;
}
