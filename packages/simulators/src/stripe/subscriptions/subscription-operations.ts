import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { boolean, expand, instantFilter, listParameters, notSimulated, text } from '../wire/parameters.ts';
import { noSuch } from '../wire/stripe-refusal.ts';
import { billSubscription } from './bill-subscription.ts';
import { createSubscription } from './create-subscription.ts';
import { endSubscription } from './end-subscription.ts';
import type { Subscription } from './subscription.ts';
import { CreateSubscription, cancellationDetails, UpdateSubscription } from './subscription-params.ts';
import { updateSubscription } from './update-subscription.ts';

const statuses = ['active', 'all', 'canceled', 'ended', 'incomplete', 'incomplete_expired'] as const;
const rarerStatuses = ['past_due', 'paused', 'trialing', 'unpaid'] as const;

const ListSubscriptions = z.strictObject({
  ...listParameters,
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  created: instantFilter,
  customer: text().optional(),
  price: text().optional(),
  status: z.enum([...statuses, ...rarerStatuses]).optional(),
  ...notSimulated('automatic_tax', 'current_period_end', 'current_period_start', 'customer_account'),
  ...notSimulated('plan', 'test_clock'),
});

const CancelSubscription = z.strictObject({
  cancellation_details: cancellationDetails.optional(),
  expand,
  invoice_now: boolean.optional(),
  prorate: z.literal('false').optional(),
});

/** What Stripe does with subscriptions. */
export const subscriptionOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/subscriptions',
    params: CreateSubscription,
    run: createSubscription,
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/subscriptions',
    params: ListSubscriptions,
    run: (account, { collection_method: method, created, customer, price, status, ...page }) => {
      const where = {
        '$.collection_method': method,
        '$.customer': customer,
        '$.items.data[0].price.id': price,
        '$.status': statusFilter(status),
      } as const;
      return listPage(account, 'subscription', { url: '/v1/subscriptions', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/subscriptions/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('subscription', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/subscriptions/:id',
    params: UpdateSubscription,
    run: updateSubscription,
  }),
  defineOperation({
    method: 'DELETE',
    path: '/v1/subscriptions/:id',
    params: CancelSubscription,
    run: cancelSubscription,
  }),
];

// Without a status Stripe leaves out subscriptions that were canceled.
function statusFilter(status: z.output<typeof ListSubscriptions>['status']): string | string[] | undefined {
  if (status === 'all') return undefined;
  if (status === 'ended') return ['canceled', 'incomplete_expired'];
  return status ?? ['active', 'incomplete', 'past_due', 'paused', 'trialing', 'unpaid'];
}

function cancelSubscription(
  account: Account,
  params: z.output<typeof CancelSubscription>,
  id: string,
): Subscription {
  const subscription = account.get('subscription', id);
  if (subscription.ended_at !== null) throw noSuch('subscription', id);
  const { comment, feedback } = params.cancellation_details ?? {};
  const details = {
    ...subscription.cancellation_details,
    comment: comment ?? subscription.cancellation_details.comment,
    feedback: feedback ?? subscription.cancellation_details.feedback,
  };
  const ended = endSubscription(
    account,
    { ...subscription, cancellation_details: details },
    'cancellation_requested',
  );
  if (params.invoice_now) billSubscription(account, ended, 'subscription_update', { isPaid: true });
  return account.get('subscription', id);
}
