import { absent } from '../account/absent.ts';
import type { Account } from '../account/account.ts';
import { mergeMetadata } from '../account/metadata.ts';
import type { Customer } from '../customers/customer.ts';
import { lineAmount } from '../money/decimal.ts';
import { minimumCharge } from '../money/minimum-charge.ts';
import { createHiddenPrice } from '../prices/create-hidden-price.ts';
import { unitAmountOf } from '../prices/create-price.ts';
import { type Price, unitAmountIn } from '../prices/price.ts';
import { createSetupIntent } from '../setup-intents/setup-intent.ts';
import { simulatedTax } from '../tax/simulated-tax.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import type { CreateSession } from './checkout-params.ts';
import type { CheckoutSession, SessionItem } from './checkout-session.ts';

const daySeconds = 24 * 60 * 60;
const lifeMin = 30 * 60;

/** Creates a session, whose page is at `/checkout/:id` until it is completed or expires. */
export function createSession(account: Account, params: CreateSession): CheckoutSession {
  const { mode, customer: customerId } = params;
  const customer = customerId === undefined ? undefined : account.get('customer', customerId, 'customer');
  refuseMode(params);
  const id = account.newId('cs_test');
  const items = mode === 'setup' ? [] : itemsOf(account, params, customer);
  const currency = params.currency ?? items[0]?.currency ?? null;
  refuseItems(items, mode, account);
  const isTaxed = params.automatic_tax?.enabled ?? false;
  if (isTaxed) refuseUntaxable(customer, params);
  const sum = (field: 'amount_subtotal' | 'amount_tax' | 'amount_total') =>
    items.reduce((total, item) => total + item[field], 0);
  if (mode === 'payment') refuseSmall(sum('amount_total'), currency);
  const setup =
    mode === 'setup'
      ? createSetupIntent(
          account,
          customer?.id ?? null,
          mergeMetadata({}, params.setup_intent_data?.metadata),
        )
      : null;
  const session: CheckoutSession = {
    ...absentFields,
    id,
    object: 'checkout.session',
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    amount_subtotal: mode === 'setup' ? null : sum('amount_subtotal'),
    amount_total: mode === 'setup' ? null : sum('amount_total'),
    automatic_tax: {
      enabled: isTaxed,
      liability: isTaxed ? { type: 'self' } : null,
      provider: isTaxed ? 'stripe' : null,
      status: isTaxed ? (customer?.address?.country ? 'complete' : 'requires_location_inputs') : null,
    },
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created: account.now,
    currency,
    custom_fields: [],
    custom_text: absent('after_submit', 'shipping_address', 'submit', 'terms_of_service_acceptance'),
    customer: customer?.id ?? null,
    customer_details: null,
    expires_at: expiryOf(account, params.expires_at),
    invoice: null,
    line_items: {
      object: 'list',
      data: items,
      has_more: false,
      url: `/v1/checkout/sessions/${id}/line_items`,
    },
    livemode: false,
    locale: params.locale ?? null,
    metadata: mergeMetadata({}, params.metadata),
    mode,
    payment_intent: null,
    payment_method_collection:
      mode === 'subscription' ? (params.payment_method_collection ?? 'always') : null,
    payment_method_types: params.allowed_payment_method_types ?? ['card', 'sepa_debit'],
    payment_status: mode === 'setup' ? 'no_payment_required' : 'unpaid',
    setup_intent: setup?.id ?? null,
    shipping_options: [],
    status: 'open',
    subscription: null,
    success_url: params.success_url ?? null,
    total_details:
      mode === 'setup' ? null : { amount_discount: 0, amount_shipping: 0, amount_tax: sum('amount_tax') },
    ui_mode: 'hosted_page',
    url: `${account.origin}/checkout/${id}`,
    given: {
      customer_update: params.customer_update,
      payment_intent_data: params.payment_intent_data,
      subscription_data: params.subscription_data,
    },
  };
  account.create('checkout.session', session, null);
  return session;
}

function refuseMode({ mode, success_url, ...params }: CreateSession): void {
  const only = (names: (keyof typeof params)[], right: string) => {
    const given = names.find((name) => params[name] !== undefined);
    if (given === undefined) return;
    throw invalidRequest(`You can not pass \`${given}\` in \`${mode}\` mode, only in \`${right}\` mode.`, {
      param: given,
    });
  };
  if (mode !== 'payment') only(['payment_intent_data'], 'payment');
  if (mode !== 'subscription') only(['subscription_data', 'payment_method_collection'], 'subscription');
  if (mode !== 'setup') only(['setup_intent_data'], 'setup');
  if (mode === 'setup') only(['line_items', 'automatic_tax'], 'payment');
  if (params.customer === undefined) only(['customer_update'], mode);
  if (success_url === undefined)
    throw invalidRequest('Missing required param: success_url.', {
      code: 'parameter_missing',
      param: 'success_url',
    });
  for (const [param, url] of Object.entries({ success_url, cancel_url: params.cancel_url })) {
    if (url !== undefined && !/^https?:\/\//.test(url))
      throw invalidRequest('Not a valid URL', { code: 'url_invalid', param });
  }
}

function itemsOf(account: Account, params: CreateSession, customer: Customer | undefined): SessionItem[] {
  const isTaxed = params.automatic_tax?.enabled ?? false;
  return (params.line_items ?? []).map((given, index) => {
    const param = `line_items[${index}]`;
    const price = priceOf(account, given, param);
    const currency = params.currency ?? price.currency;
    const unit = unitAmountIn(price, currency);
    if (unit === undefined) throw invalidRequest(`The price has no amount in ${currency}.`, { param });
    if (given.quantity === undefined || given.quantity === 0)
      throw invalidRequest('Quantity is required.', { param: `${param}[quantity]` });
    const amount = lineAmount(unit, String(given.quantity));
    const country = customer?.address?.country ?? (params.customer_update?.address === 'auto' ? 'CZ' : null);
    const tax = isTaxed ? simulatedTax(amount, country) : 0;
    const { currency_options: _hidden, ...shown } = price;
    return {
      id: account.newId('li'),
      object: 'item',
      adjustable_quantity: null,
      amount_discount: 0,
      amount_subtotal: amount,
      amount_tax: tax,
      amount_total: amount + tax,
      currency,
      description: account.get('product', price.product).name,
      metadata: {},
      price: shown,
      quantity: given.quantity,
    };
  });
}

function priceOf(
  account: Account,
  given: NonNullable<CreateSession['line_items']>[number],
  param: string,
): Price {
  if ((given.price === undefined) === (given.price_data === undefined))
    throw invalidRequest('You must specify either `price` or `price_data`.', { param });
  if (given.price !== undefined) {
    const price = account.get('price', given.price, `${param}[price]`);
    if (!price.active) throw invalidRequest('The price specified is inactive.', { param: `${param}[price]` });
    return price;
  }
  const data = given.price_data;
  if (data === undefined) throw new Error('unreachable');
  const place = `${param}[price_data]`;
  if ((data.product === undefined) === (data.product_data === undefined)) {
    throw invalidRequest('You must specify either `product` or `product_data` in `price_data`.', {
      param: place,
    });
  }
  return createHiddenPrice(account, {
    currency: data.currency,
    unitAmount: unitAmountOf(data, place),
    ...(data.product === undefined
      ? { productName: data.product_data?.name ?? '' }
      : { product: account.get('product', data.product, `${place}[product]`).id }),
  });
}

function refuseItems(items: SessionItem[], mode: CreateSession['mode'], account: Account): void {
  if (mode === 'setup') return;
  if (items.length === 0) {
    throw invalidRequest('Missing required param: line_items.', {
      code: 'parameter_missing',
      param: 'line_items',
    });
  }
  const isRecurring = (item: SessionItem) => account.get('price', item.price.id).type === 'recurring';
  if (mode === 'payment' && items.some(isRecurring)) {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      { param: 'line_items' },
    );
  }
  if (mode === 'subscription' && !items.some(isRecurring)) {
    throw invalidRequest(
      'You must provide at least one recurring price in `subscription` mode when using prices.',
      { param: 'line_items' },
    );
  }
  if (new Set(items.map(({ currency }) => currency)).size > 1)
    throw invalidRequest('All prices must have the same currency.', { param: 'line_items' });
}

function refuseUntaxable(customer: Customer | undefined, { customer_update: update }: CreateSession): void {
  if (customer === undefined || customer.address?.country || update?.address === 'auto') return;
  throw invalidRequest(
    "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto'.",
    { code: 'customer_tax_location_invalid', param: 'automatic_tax[enabled]' },
  );
}

function refuseSmall(amount: number, currency: string | null): void {
  const smallest = minimumCharge(currency ?? '');
  if (amount >= smallest) return;
  throw invalidRequest(
    `The Checkout Session's total amount must convert to at least ${smallest} ${currency}.`,
    {
      code: 'amount_too_small',
    },
  );
}

function expiryOf(account: Account, given: number | undefined): number {
  if (given === undefined) return account.now + daySeconds;
  if (given >= account.now + lifeMin && given <= account.now + daySeconds) return given;
  throw invalidRequest(
    'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
    {
      param: 'expires_at',
    },
  );
}

const absentFields = {
  ...absent('adaptive_pricing', 'after_expiration', 'allow_promotion_codes', 'client_secret'),
  ...absent('collected_information', 'consent', 'consent_collection', 'currency_conversion'),
  ...absent('customer_account', 'customer_creation', 'customer_email', 'discounts', 'integration_identifier'),
  ...absent('invoice_creation', 'managed_payments', 'origin_context', 'payment_link'),
  ...absent('payment_method_configuration_details', 'payment_method_options', 'permissions'),
  ...absent('recovered_from', 'saved_payment_method_options', 'shipping_address_collection'),
  ...absent('shipping_cost', 'submit_type', 'wallet_options'),
};
