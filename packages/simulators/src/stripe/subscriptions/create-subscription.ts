import type { Account } from '../account/account.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { stripeList } from '../account/stripe-list.ts';
import { claimCurrency } from '../customers/claim-currency.ts';
import type { Customer } from '../customers/customer.ts';
import { automaticTax } from '../invoices/new-invoice.ts';
import type { Price } from '../prices/price.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import { billSubscription } from './bill-subscription.ts';
import { periodEndAfter } from './billing-period.ts';
import type { Subscription } from './subscription.ts';
import { newSubscriptionItem, recurringPrice, refuseMixedRhythms } from './subscription-items.ts';
import type { CreateSubscription } from './subscription-params.ts';

const itemsMax = 20;

/** Creates a subscription and its first invoice; whether that is paid decides if it becomes active. */
export function createSubscription(account: Account, params: CreateSubscription): Subscription {
  const customer = account.get('customer', params.customer, 'customer');
  if (params.items.length === 0 || params.items.length > itemsMax) {
    throw invalidRequest(`A subscription has 1 to ${itemsMax} items.`, {
      code: 'parameter_missing',
      param: 'items',
    });
  }
  const prices = params.items.map(({ price }, index) =>
    recurringPrice(account, price, params.currency, `items[${index}][price]`),
  );
  refuseMixedRhythms(prices);
  const currency = params.currency ?? prices[0]?.currency ?? '';
  if (params.currency === undefined && prices.some((price) => price.currency !== currency)) {
    throw invalidRequest('All prices of a subscription must have the same currency.', { param: 'items' });
  }
  refuseSecondCurrency(account, customer, currency);
  claimCurrency(account, customer.id, currency);
  if (automaticTax(params.automatic_tax?.enabled ?? false, customer).status === 'requires_location_inputs') {
    throw invalidRequest("The customer's location is not recognised, so that no tax can be computed.", {
      code: 'customer_tax_location_invalid',
    });
  }
  if (params.collection_method === 'send_invoice' && params.days_until_due === undefined) {
    throw invalidRequest('A subscription whose invoices are sent needs days_until_due.', {
      code: 'parameter_missing',
      param: 'days_until_due',
    });
  }
  const subscription = newSubscription(account, params, prices, currency);
  account.create('subscription', subscription, 'customer.subscription.created');
  const behavior = params.payment_behavior ?? 'allow_incomplete';
  const outcome = billSubscription(account, subscription, 'subscription_create', {
    isPaid: behavior !== 'default_incomplete',
  });
  if (outcome instanceof StripeRefusal && behavior === 'error_if_incomplete') throw outcome;
  return account.get('subscription', subscription.id);
}

/** Refuses a currency other than that of the customer's running subscriptions. */
function refuseSecondCurrency(account: Account, customer: Customer, currency: string): void {
  const running = account.objects.list('subscription', {
    where: { '$.customer': customer.id, '$.ended_at': null },
    order: 'oldest first',
    limit: 1,
  })[0];
  if (running === undefined || running.currency === currency) return;
  throw invalidRequest(
    `You cannot combine currencies on a single customer. This customer has a subscription in ${running.currency}.`,
    { param: 'currency' },
  );
}

function newSubscription(
  account: Account,
  params: CreateSubscription,
  prices: Price[],
  currency: string,
): Subscription {
  const id = account.newId('sub');
  const { now } = account;
  const rhythm = prices[0]?.recurring ?? { interval: 'month', interval_count: 1 };
  const place = { subscription: id, currency, periodStart: now, periodEnd: periodEndAfter(now, now, rhythm) };
  const items = params.items.flatMap((item, index) => {
    const price = prices[index];
    return price === undefined ? [] : [newSubscriptionItem(account, price, item, place)];
  });
  const pendingRhythm = params.pending_invoice_item_interval ?? null;
  const interval = pendingRhythm && { ...pendingRhythm, interval_count: pendingRhythm.interval_count ?? 1 };
  const isFlexible = params.billing_mode?.type !== 'classic';
  const isTaxed = params.automatic_tax?.enabled ?? false;
  return {
    id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: isTaxed, liability: isTaxed ? { type: 'self' } : null },
    billing_cycle_anchor: now,
    billing_cycle_anchor_config: null,
    billing_mode: isFlexible
      ? { type: 'flexible', flexible: { proration_discounts: 'included' } }
      : { type: 'classic', flexible: null },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: params.cancel_at_period_end ? place.periodEnd : null,
    cancel_at_period_end: params.cancel_at_period_end ?? false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: params.collection_method ?? 'charge_automatically',
    created: now,
    currency,
    customer: params.customer,
    customer_account: null,
    days_until_due: params.days_until_due ?? null,
    default_payment_method: params.default_payment_method ?? null,
    default_source: null,
    default_tax_rates: [],
    description: params.description ?? null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: stripeList(items, itemsMax, `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    managed_payments: null,
    metadata: mergeMetadata({}, params.metadata),
    next_pending_invoice_item_invoice: interval && periodEndAfter(now, now, interval),
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: params.payment_settings?.save_default_payment_method ?? 'off',
    },
    pending_invoice_item_interval: interval,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: now,
    status: params.collection_method === 'send_invoice' ? 'active' : 'incomplete',
    test_clock: null,
    transfer_data: null,
    trial_end: null,
    trial_settings: null,
    trial_start: null,
  };
}
