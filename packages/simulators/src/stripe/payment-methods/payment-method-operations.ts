import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { expand, listParameters, metadata, notSimulated, text } from '../wire/parameters.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import { attachMethod, detachMethod, methodNamed } from './payment-method.ts';

const type = z.enum(['card', 'sepa_debit']).optional();

/** What Stripe does with means of payment; they are made on the pages, or named by a test card's name. */
export const paymentMethodOperations: Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/v1/payment_methods',
    params: z.strictObject({
      ...listParameters,
      customer: text().optional(),
      type,
      ...notSimulated('allow_redisplay'),
    }),
    run: (account, { customer, type: only, ...page }) => {
      if (customer !== undefined) account.get('customer', customer, 'customer');
      const where = { '$.customer': customer, '$.type': only } as const;
      return listPage(account, 'payment_method', { url: '/v1/payment_methods', where }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/payment_methods/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('payment_method', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/payment_methods/:id',
    params: z.strictObject({
      expand,
      metadata,
      ...notSimulated('allow_redisplay', 'billing_details', 'card'),
    }),
    run: (account, params, id) => {
      const method = account.get('payment_method', id);
      const changes = { metadata: mergeMetadata(method.metadata, params.metadata) };
      return account.update('payment_method', method, changes, 'payment_method.updated');
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/payment_methods/:id/attach',
    params: z.strictObject({ customer: text(), expand }),
    run: (account, { customer }, id) => {
      account.get('customer', customer, 'customer');
      const method = methodNamed(account, id, 'payment_method');
      if (method.card?.last4 === '0002') {
        const message = 'Your card was declined.';
        return new StripeRefusal(402, {
          type: 'card_error',
          code: 'card_declined',
          decline_code: 'generic_decline',
          message,
        });
      }
      if (method.customer !== null && method.customer !== customer) {
        throw invalidRequest('The payment method you provided has already been attached to a customer.');
      }
      return attachMethod(account, method, customer);
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/payment_methods/:id/detach',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => {
      const method = account.get('payment_method', id);
      if (method.customer === null) {
        throw invalidRequest(
          'The payment method you provided is not attached to a customer so detachment is impossible.',
        );
      }
      return detachMethod(account, method);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/customers/:id/payment_methods',
    params: z.strictObject({ ...listParameters, type, ...notSimulated('allow_redisplay') }),
    run: (account, { type: only, ...page }, id) => {
      const where = { '$.customer': account.get('customer', id).id, '$.type': only } as const;
      return listPage(account, 'payment_method', { url: `/v1/customers/${id}/payment_methods`, where }, page);
    },
  }),
];
