import type { Account } from '../account/account.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { type Price, unitAmountIn } from '../prices/price.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import { planOf } from './plan.ts';
import type { SubscriptionItem } from './subscription.ts';
import type { CreateSubscription } from './subscription-params.ts';

export interface ItemPlace {
  subscription: string;
  currency: string;
  periodStart: number;
  periodEnd: number;
}

/** Returns the recurring price an item names, or refuses what cannot be subscribed to. */
export function recurringPrice(
  account: Account,
  id: string | undefined,
  currency: string | undefined,
  param: string,
): Price {
  if (id === undefined) {
    throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  const price = account.get('price', id, param);
  if (!price.active) throw invalidRequest('The price specified is inactive.', { param });
  if (price.type !== 'recurring') {
    throw invalidRequest('The price specified is one-time; this field only accepts recurring prices.', {
      param,
    });
  }
  if (currency !== undefined && unitAmountIn(price, currency) === undefined) {
    throw invalidRequest(`The price specified has no amount in ${currency}.`, { param });
  }
  return price;
}

/** Refuses prices that are billed in different rhythms. */
export function refuseMixedRhythms(prices: Price[]): void {
  const rhythms = new Set(
    prices.map(({ recurring }) => `${recurring?.interval_count} ${recurring?.interval}`),
  );
  if (rhythms.size <= 1) return;
  throw invalidRequest('All items of a subscription must have the same billing interval.', {
    param: 'items',
  });
}

/** Returns an item of a subscription. */
export function newSubscriptionItem(
  account: Account,
  price: Price,
  given: CreateSubscription['items'][number],
  place: ItemPlace,
): SubscriptionItem {
  const { currency_options: _hidden, ...shown } = price;
  const isMetered = price.recurring?.usage_type === 'metered';
  if (isMetered && given.quantity !== undefined)
    throw invalidRequest('A metered price takes no quantity.', { param: 'quantity' });
  return {
    id: account.newId('si'),
    object: 'subscription_item',
    billing_thresholds: null,
    created: account.now,
    current_period_end: place.periodEnd,
    current_period_start: place.periodStart,
    current_trial: null,
    discounts: [],
    metadata: mergeMetadata({}, given.metadata),
    plan: planOf(price),
    price: shown,
    ...(isMetered ? {} : { quantity: given.quantity ?? 1 }),
    subscription: place.subscription,
    tax_rates: [],
  };
}
