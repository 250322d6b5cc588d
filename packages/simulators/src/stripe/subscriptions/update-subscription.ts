import type { Account } from '../account/account.ts';
import { given } from '../account/given.ts';
import { mergeMetadata } from '../account/metadata.ts';
import type { Price } from '../prices/price.ts';
import { invalidRequest, noSuch } from '../wire/stripe-refusal.ts';
import { periodEndAfter } from './billing-period.ts';
import { planOf } from './plan.ts';
import { periodEndOf, type Subscription, type SubscriptionItem } from './subscription.ts';
import { newSubscriptionItem, recurringPrice, refuseMixedRhythms } from './subscription-items.ts';
import type { UpdateSubscription } from './subscription-params.ts';

type GivenItem = NonNullable<UpdateSubscription['items']>[number];

/** Changes a running subscription. Prorations are not modelled: other items need `proration_behavior: none`. */
export function updateSubscription(account: Account, params: UpdateSubscription, id: string): Subscription {
  const subscription = account.get('subscription', id);
  if (subscription.ended_at !== null) {
    throw invalidRequest('A canceled subscription cannot be changed.', {
      code: 'invalid_canceled_subscription_fields',
    });
  }
  const { collection_method, days_until_due, default_payment_method, description } = params;
  const interval = params.pending_invoice_item_interval;
  const changes: Partial<Subscription> = {
    ...given({ collection_method, days_until_due, default_payment_method, description }),
    ...(params.automatic_tax && {
      automatic_tax: {
        disabled_reason: null,
        enabled: params.automatic_tax.enabled,
        liability: params.automatic_tax.enabled ? { type: 'self' } : null,
      },
    }),
    ...cancellationOf(account, subscription, params),
    ...(interval !== undefined && pendingRhythm(account, interval)),
    payment_settings: { ...subscription.payment_settings, ...given(params.payment_settings ?? {}) },
    metadata: mergeMetadata(subscription.metadata, params.metadata),
    ...(params.items && {
      items: changeItems(account, subscription, params.items, params.proration_behavior),
    }),
  };
  return account.update('subscription', subscription, changes, 'customer.subscription.updated');
}

function cancellationOf(
  account: Account,
  subscription: Subscription,
  params: UpdateSubscription,
): Partial<Subscription> {
  const isEnding = params.cancel_at_period_end;
  const details = { ...subscription.cancellation_details, ...given(params.cancellation_details ?? {}) };
  if (isEnding === undefined) return { cancellation_details: details };
  return {
    cancel_at_period_end: isEnding,
    cancel_at: isEnding ? periodEndOf(subscription) : null,
    canceled_at: isEnding ? account.now : null,
    cancellation_details: { ...details, reason: isEnding ? 'cancellation_requested' : null },
  };
}

function pendingRhythm(
  account: Account,
  interval: NonNullable<UpdateSubscription['pending_invoice_item_interval']> | null,
): Partial<Subscription> {
  if (interval === null)
    return { pending_invoice_item_interval: null, next_pending_invoice_item_invoice: null };
  const rhythm = { interval: interval.interval, interval_count: interval.interval_count ?? 1 };
  return {
    pending_invoice_item_interval: rhythm,
    next_pending_invoice_item_invoice: periodEndAfter(account.now, account.now, rhythm),
  };
}

function changeItems(
  account: Account,
  subscription: Subscription,
  given: GivenItem[],
  proration: UpdateSubscription['proration_behavior'],
): Subscription['items'] {
  const changesMoney = given.some(
    ({ id, price, quantity, deleted }) => !id || price || quantity !== undefined || deleted,
  );
  if (changesMoney && proration !== 'none') {
    throw invalidRequest("This simulator does not model prorations; pass proration_behavior 'none'.", {
      code: 'not_simulated',
      param: 'proration_behavior',
    });
  }
  let data = subscription.items.data;
  for (const [index, item] of given.entries()) data = changeItem(account, subscription, data, item, index);
  if (data.length === 0)
    throw invalidRequest('A subscription must have at least one item.', { param: 'items' });
  refuseMixedRhythms(data.map(({ price }) => account.get('price', price.id)));
  return { ...subscription.items, data };
}

function changeItem(
  account: Account,
  subscription: Subscription,
  items: SubscriptionItem[],
  change: GivenItem,
  index: number,
): SubscriptionItem[] {
  const param = `items[${index}]`;
  const priceOf = (id: string | undefined): Price =>
    recurringPrice(account, id, subscription.currency, `${param}[price]`);
  const first = items[0];
  if (change.id === undefined) {
    const place = {
      subscription: subscription.id,
      currency: subscription.currency,
      periodStart: first?.current_period_start ?? account.now,
      periodEnd: periodEndOf(subscription),
    };
    return [...items, newSubscriptionItem(account, priceOf(change.price), change, place)];
  }
  const item = items.find(({ id }) => id === change.id);
  if (item === undefined) throw noSuch('subscription_item', change.id, `${param}[id]`);
  if (change.deleted) return items.filter((other) => other !== item);
  const price = change.price === undefined ? undefined : priceOf(change.price);
  const changed: SubscriptionItem = {
    ...item,
    ...given({ quantity: change.quantity }),
    ...(price && { price: shownPrice(price), plan: planOf(price) }),
    metadata: mergeMetadata(item.metadata, change.metadata),
  };
  return items.map((other) => (other === item ? changed : other));
}

function shownPrice({ currency_options: _hidden, ...shown }: Price) {
  return shown;
}
