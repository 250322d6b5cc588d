import type { Account } from '../account/account.ts';
import { accountCurrency } from '../account/account-currency.ts';
import { given } from '../account/given.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import { changeBalance } from './balance-transaction.ts';
import type { Address, Customer } from './customer.ts';
import type { CreateCustomer, UpdateCustomer } from './customer-params.ts';
import { newTaxId } from './tax-id.ts';

const prefixLength = 8;

/** Creates a customer with the balance and tax ids given. */
export function createCustomer(account: Account, params: CreateCustomer): Customer {
  const { balance = 0, payment_method: paymentMethod, tax_id_data: taxIds = [] } = params;
  const id = account.newId('cus');
  const blank = blankCustomer(id, account.now);
  const customer = { ...blank, ...changesOf(account, blank, params) };
  if (paymentMethod !== undefined) customer.invoice_settings.default_payment_method ??= paymentMethod;
  account.create('customer', customer, 'customer.created');
  for (const given of taxIds) {
    const taxId = newTaxId(account.newId('txi'), id, account.now, given);
    account.create('tax_id', taxId, 'customer.tax_id.created');
  }
  if (balance !== 0)
    changeBalance(account, id, { amount: balance, currency: accountCurrency, type: 'initial' });
  return account.get('customer', id);
}

/** Changes a customer; a balance given is reached by an adjustment. */
export function updateCustomer(account: Account, id: string, params: UpdateCustomer): Customer {
  const customer = account.get('customer', id);
  account.update('customer', customer, changesOf(account, customer, params), 'customer.updated');
  if (params.balance !== undefined && params.balance !== customer.balance) {
    const currency = customer.currency ?? accountCurrency;
    changeBalance(account, id, { amount: params.balance - customer.balance, currency, type: 'adjustment' });
  }
  return account.get('customer', id);
}

function changesOf(
  account: Account,
  before: Customer,
  params: UpdateCustomer | CreateCustomer,
): Partial<Customer> {
  const { invoice_settings: settings, address, invoice_prefix: prefix } = params;
  if (prefix !== undefined) refusePrefix(account, before, prefix);
  const after: Partial<Customer> = given({
    description: params.description,
    email: params.email,
    invoice_prefix: prefix,
    name: params.name,
    next_invoice_sequence: params.next_invoice_sequence,
    phone: params.phone,
    preferred_locales: params.preferred_locales,
    tax_exempt: params.tax_exempt === null ? 'none' : params.tax_exempt,
    address: address === undefined || address === null ? address : { ...blankAddress, ...given(address) },
    metadata: mergeMetadata(before.metadata, params.metadata),
    invoice_settings: { ...before.invoice_settings, ...given(settings ?? {}) },
  });
  if (params.tax?.validate_location === 'immediately') refuseLocation({ ...before, ...after });
  return after;
}

function refusePrefix(account: Account, customer: Customer, prefix: string): void {
  if (!/^[A-Z0-9]{3,12}$/.test(prefix)) {
    throw invalidRequest('Invalid invoice_prefix: 3 to 12 upper-case letters or digits.', {
      param: 'invoice_prefix',
    });
  }
  const [other] = account.objects.list('customer', {
    where: { '$.invoice_prefix': prefix },
    order: 'oldest first',
    limit: 1,
  });
  if (other === undefined || other.id === customer.id) return;
  throw invalidRequest('This invoice prefix is taken by another customer.', { param: 'invoice_prefix' });
}

function refuseLocation(customer: Customer): void {
  if (customer.address?.country) return;
  throw invalidRequest("The customer's location is not recognised: an address with a country is needed.", {
    code: 'customer_tax_location_invalid',
    param: 'address',
  });
}

const blankAddress: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};

function blankCustomer(id: string, created: number): Customer {
  return {
    id,
    object: 'customer',
    address: null,
    balance: 0,
    created,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    email: null,
    invoice_credit_balance: {},
    invoice_prefix: id.slice(-prefixLength).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}
