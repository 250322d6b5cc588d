import { z } from 'zod';
import { mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { behaviourOf, methodNamed } from '../payment-methods/payment-method.ts';
import { boolean, expand, metadata, notSimulated, text } from '../wire/parameters.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import { createSetupIntent, failSetup, succeedSetup } from './setup-intent.ts';

/** What Stripe does with setup intents. */
export const setupIntentOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/setup_intents',
    params: z.strictObject({
      automatic_payment_methods: z
        .strictObject({ enabled: boolean, allow_redirects: z.enum(['always', 'never']).optional() })
        .optional(),
      customer: text().optional(),
      expand,
      metadata,
      usage: z.enum(['off_session', 'on_session']).optional(),
      ...notSimulated('confirm', 'payment_method', 'description', 'return_url', 'mandate_data'),
    }),
    run: (account, { customer, metadata: given }) => {
      if (customer !== undefined) account.get('customer', customer, 'customer');
      return createSetupIntent(account, customer ?? null, mergeMetadata({}, given));
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/setup_intents/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('setup_intent', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/setup_intents/:id/confirm',
    params: z.strictObject({ expand, payment_method: text() }),
    run: (account, { payment_method }, id) => {
      const intent = account.get('setup_intent', id);
      if (intent.status !== 'requires_payment_method')
        throw invalidRequest('This SetupIntent has already ended.', {
          code: 'setup_intent_unexpected_state',
        });
      const method = methodNamed(account, payment_method, 'payment_method');
      if (behaviourOf(method) !== 'declines') return succeedSetup(account, intent, method);
      const { last_setup_error: error } = failSetup(account, intent);
      if (error === null) throw new Error('A declined card left no error.');
      return new StripeRefusal(402, error);
    },
  }),
];
