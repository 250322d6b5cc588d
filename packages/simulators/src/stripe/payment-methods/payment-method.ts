import { absent } from '../account/absent.ts';
import type { Account } from '../account/account.ts';
import type { Metadata } from '../account/metadata.ts';
import { noSuch } from '../wire/stripe-refusal.ts';

export interface Card {
  brand: string;
  checks: Record<'address_line1_check' | 'address_postal_code_check' | 'cvc_check', null>;
  country: 'CZ';
  display_brand: string;
  exp_month: number;
  exp_year: number;
  fingerprint: string;
  funding: 'credit';
  generated_from: null;
  last4: string;
  networks: { available: string[]; preferred: null };
  regulated_status: 'unregulated';
  three_d_secure_usage: { supported: true };
  wallet: null;
}

export interface PaymentMethod {
  id: string;
  object: 'payment_method';
  allow_redisplay: 'unspecified';
  billing_details: Record<'address' | 'email' | 'name' | 'phone' | 'tax_id', null>;
  card?: Card;
  created: number;
  customer: string | null;
  customer_account: null;
  livemode: false;
  metadata: Metadata;
  sepa_debit?: Record<'bank_code' | 'branch_code' | 'fingerprint' | 'generated_from', null> & {
    country: 'CZ';
    last4: string;
  };
  type: 'card' | 'sepa_debit';
}

/** How a means of payment behaves; told by its last digits, as with Stripe's own test cards. */
export type PaymentBehaviour = 'pays' | 'declines' | 'needs authentication' | 'pays later';

export interface TestMethod {
  brand: string;
  last4: string;
}

/** Stripe's names of test cards, by which a card can be named instead of typing its number. */
export const testMethods: Record<string, TestMethod> = {
  pm_card_visa: { brand: 'visa', last4: '4242' },
  pm_card_mastercard: { brand: 'mastercard', last4: '4444' },
  pm_card_chargeDeclined: { brand: 'visa', last4: '0002' },
  pm_card_chargeCustomerFail: { brand: 'visa', last4: '0341' },
  pm_card_authenticationRequired: { brand: 'visa', last4: '3184' },
};

/** Returns how a means of payment behaves when it is charged. */
export function behaviourOf({ type, card }: PaymentMethod): PaymentBehaviour {
  if (type === 'sepa_debit') return 'pays later';
  if (card?.last4 === '0002' || card?.last4 === '0341') return 'declines';
  return card?.last4 === '3184' ? 'needs authentication' : 'pays';
}

/** Returns a means of payment by its id, or a new one by the name of a test card. Refuses what is neither. */
export function methodNamed(account: Account, id: string, param: string): PaymentMethod {
  const known = account.objects.find('payment_method', id);
  if (known !== undefined) return known;
  const test = testMethods[id];
  if (test === undefined) throw noSuch('PaymentMethod', id, param);
  return createMethod(account, test);
}

/** Creates a card, or a bank account that is debited, that belongs to nobody yet. */
export function createMethod(account: Account, given: TestMethod | 'sepa_debit'): PaymentMethod {
  const method: PaymentMethod = {
    id: account.newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: absent('address', 'email', 'name', 'phone', 'tax_id'),
    created: account.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    ...(given === 'sepa_debit'
      ? {
          type: 'sepa_debit',
          sepa_debit: {
            ...absent('bank_code', 'branch_code', 'fingerprint', 'generated_from'),
            country: 'CZ',
            last4: '3000',
          },
        }
      : { type: 'card', card: cardOf(given, account.now) }),
  };
  account.create('payment_method', method, null);
  return method;
}

function cardOf({ brand, last4 }: TestMethod, now: number): Card {
  return {
    brand,
    checks: absent('address_line1_check', 'address_postal_code_check', 'cvc_check'),
    country: 'CZ',
    display_brand: brand,
    exp_month: 12,
    exp_year: new Date(now * 1000).getUTCFullYear() + 3,
    fingerprint: `card${last4}`,
    funding: 'credit',
    generated_from: null,
    last4,
    networks: { available: [brand], preferred: null },
    regulated_status: 'unregulated',
    three_d_secure_usage: { supported: true },
    wallet: null,
  };
}

/** Ties a means of payment to a customer; again changes nothing. */
export function attachMethod(account: Account, method: PaymentMethod, customer: string): PaymentMethod {
  if (method.customer === customer) return method;
  return account.update('payment_method', method, { customer }, 'payment_method.attached');
}

/** Takes a means of payment from its customer, who then has no default any more if it was that one. */
export function detachMethod(account: Account, method: PaymentMethod): PaymentMethod {
  const customer = method.customer === null ? undefined : account.objects.find('customer', method.customer);
  if (customer?.invoice_settings.default_payment_method === method.id) {
    const settings = { ...customer.invoice_settings, default_payment_method: null };
    account.update('customer', customer, { invoice_settings: settings }, 'customer.updated');
  }
  return account.update('payment_method', method, { customer: null }, 'payment_method.detached');
}

/** Makes a means of payment the one that a customer's invoices are collected from. */
export function makeDefault(account: Account, customerId: string, methodId: string): void {
  const customer = account.get('customer', customerId);
  const settings = { ...customer.invoice_settings, default_payment_method: methodId };
  account.update('customer', customer, { invoice_settings: settings }, 'customer.updated');
}
