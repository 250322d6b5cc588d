import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { stripeList } from '../account/stripe-list.ts';
import { expand, instantFilter, listParameters, text } from '../wire/parameters.ts';
import { CreateSession } from './checkout-params.ts';
import { expireSession } from './complete-session.ts';
import { createSession } from './create-session.ts';

/** What Stripe does with Checkout sessions; they are paid on their pages. */
export const checkoutOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/checkout/sessions',
    params: CreateSession,
    run: createSession,
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/checkout/sessions',
    params: z.strictObject({
      ...listParameters,
      created: instantFilter,
      customer: text().optional(),
      payment_intent: text().optional(),
      status: z.enum(['complete', 'expired', 'open']).optional(),
      subscription: text().optional(),
    }),
    run: (account, { created, customer, payment_intent, status, subscription, ...page }) => {
      const where = {
        '$.customer': customer,
        '$.payment_intent': payment_intent,
        '$.status': status,
        '$.subscription': subscription,
      } as const;
      return listPage(account, 'checkout.session', { url: '/v1/checkout/sessions', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/checkout/sessions/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('checkout.session', id),
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/checkout/sessions/:id/line_items',
    params: z.strictObject(listParameters),
    run: (account, { limit }, id) => {
      const { line_items: items } = account.get('checkout.session', id);
      return stripeList(items.data, limit ?? 10, items.url);
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/checkout/sessions/:id/expire',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => expireSession(account, account.get('checkout.session', id)),
  }),
];
