import type { Account } from '../account/account.ts';
import {
  attachMethod,
  createMethod,
  detachMethod,
  makeDefault,
  type TestMethod,
  testMethods,
} from '../payment-methods/payment-method.ts';
import { endSubscription } from '../subscriptions/end-subscription.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { updateSubscription } from '../subscriptions/update-subscription.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import type { PortalSession } from './portal-session.ts';

/** What can be done on the page of a portal session, as its forms send it. */
export type PortalChange =
  | { do: 'add_card'; card: string }
  | { do: 'make_default' | 'remove_card'; method: string }
  | { do: 'cancel' | 'resume'; subscription: string }
  | { do: 'switch'; subscription: string; price: string };

/** Does what a customer chose in the portal, as far as the configuration allows it. */
export function changeInPortal(account: Account, session: PortalSession, change: PortalChange): void {
  const { features } = account.get('billing_portal.configuration', session.configuration);
  switch (change.do) {
    case 'add_card': {
      allow(features.payment_method_update.enabled);
      const method = createMethod(account, testCard(change.card));
      attachMethod(account, method, session.customer);
      makeDefault(account, session.customer, method.id);
      return;
    }
    case 'make_default':
      allow(features.payment_method_update.enabled);
      makeDefault(account, session.customer, ownMethod(account, session, change.method).id);
      return;
    case 'remove_card':
      allow(features.payment_method_update.enabled);
      detachMethod(account, ownMethod(account, session, change.method));
      return;
    case 'cancel':
      allow(features.subscription_cancel.enabled);
      cancel(
        account,
        ownSubscription(account, session, change.subscription),
        features.subscription_cancel.mode,
      );
      return;
    case 'resume':
      allow(features.subscription_cancel.enabled);
      updateSubscription(
        account,
        { cancel_at_period_end: false },
        ownSubscription(account, session, change.subscription).id,
      );
      return;
    case 'switch': {
      allow(features.subscription_update.enabled);
      const offered = features.subscription_update.products.flatMap(({ prices }) => prices);
      allow(offered.includes(change.price));
      const subscription = ownSubscription(account, session, change.subscription);
      const item = subscription.items.data[0];
      if (item === undefined) throw new Error('A subscription without an item was stored.');
      const items = [{ id: item.id, price: change.price }];
      updateSubscription(account, { items, proration_behavior: 'none' }, subscription.id);
    }
  }
}

function cancel(account: Account, subscription: Subscription, mode: 'at_period_end' | 'immediately'): void {
  if (mode === 'immediately') endSubscription(account, subscription, 'cancellation_requested');
  else updateSubscription(account, { cancel_at_period_end: true }, subscription.id);
}

function testCard(name: string): TestMethod {
  const card = testMethods[name];
  if (card === undefined) throw invalidRequest('No such test card.', { param: 'card' });
  return card;
}

function ownMethod(account: Account, { customer }: PortalSession, id: string) {
  const method = account.get('payment_method', id);
  allow(method.customer === customer);
  return method;
}

function ownSubscription(account: Account, { customer }: PortalSession, id: string): Subscription {
  const subscription = account.get('subscription', id);
  allow(subscription.customer === customer && subscription.ended_at === null);
  return subscription;
}

function allow(isAllowed: boolean): void {
  if (!isAllowed) throw invalidRequest('The portal does not allow this.');
}
