import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { listPage } from '../account/list-page.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation, type Outcome } from '../account/operation.ts';
import { newPaymentIntent, type PaymentIntent } from '../invoice-payments/payment-intent.ts';
import { minimumCharge } from '../money/minimum-charge.ts';
import { methodNamed } from '../payment-methods/payment-method.ts';
import {
  boolean,
  currency,
  expand,
  instantFilter,
  listParameters,
  metadata,
  natural,
  notSimulated,
  text,
} from '../wire/parameters.ts';
import { invalidRequest, StripeRefusal } from '../wire/stripe-refusal.ts';
import { chargeIntent } from './charge-intent.ts';

const CreateIntent = z.strictObject({
  amount: natural,
  automatic_payment_methods: z
    .strictObject({ enabled: boolean, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  confirm: boolean.optional(),
  currency,
  customer: text().optional(),
  description: text().optional(),
  expand,
  metadata,
  off_session: boolean.optional(),
  payment_method: text().optional(),
  receipt_email: text().optional(),
  setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
  statement_descriptor_suffix: text(22).optional(),
  ...notSimulated(
    'allowed_payment_method_types',
    'capture_method',
    'confirmation_method',
    'mandate',
    'shipping',
  ),
  ...notSimulated('payment_method_data', 'payment_method_options', 'return_url', 'statement_descriptor'),
});

/** What Stripe does with payment intents. */
export const paymentIntentOperations: Operation[] = [
  defineOperation({ method: 'POST', path: '/v1/payment_intents', params: CreateIntent, run: createIntent }),
  defineOperation({
    method: 'GET',
    path: '/v1/payment_intents',
    params: z.strictObject({ ...listParameters, created: instantFilter, customer: text().optional() }),
    run: (account, { created, customer, ...page }) => {
      const where = { '$.customer': customer } as const;
      return listPage(account, 'payment_intent', { url: '/v1/payment_intents', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/payment_intents/:id',
    params: z.strictObject({ expand, ...notSimulated('client_secret') }),
    run: (account, _params, id) => account.get('payment_intent', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/payment_intents/:id/confirm',
    params: z.strictObject({ expand, off_session: boolean.optional(), payment_method: text().optional() }),
    run: (account, { payment_method, off_session }, id) => {
      const intent = account.get('payment_intent', id);
      return confirm(
        account,
        intent,
        payment_method ?? intent.payment_method ?? undefined,
        off_session ?? false,
      );
    },
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/payment_intents/:id/cancel',
    params: z.strictObject({
      cancellation_reason: z
        .enum(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'])
        .optional(),
      expand,
    }),
    run: (account, { cancellation_reason: reason }, id) => {
      const intent = account.get('payment_intent', id);
      if (intent.status === 'succeeded' || intent.status === 'canceled' || intent.status === 'processing')
        throw unexpectedState(intent, 'cancel');
      const changes = {
        status: 'canceled',
        canceled_at: account.now,
        cancellation_reason: reason ?? null,
      } as const;
      return account.update('payment_intent', intent, changes, 'payment_intent.canceled');
    },
  }),
];

function createIntent(account: Account, params: z.output<typeof CreateIntent>): Outcome {
  const {
    amount,
    currency: of,
    customer,
    automatic_payment_methods: methods,
    setup_future_usage: usage,
  } = params;
  if (customer !== undefined) account.get('customer', customer, 'customer');
  if (amount < minimumCharge(of)) {
    throw invalidRequest(`Amount must be at least ${minimumCharge(of)} in the smallest unit of ${of}.`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  }
  if (params.off_session && !params.confirm) {
    throw invalidRequest('off_session can only be used with confirm=true.', { param: 'off_session' });
  }
  const intent = newPaymentIntent({
    id: account.newId('pi'),
    amount,
    currency: of,
    customer: customer ?? null,
    created: account.now,
    description: params.description ?? null,
    metadata: mergeMetadata({}, params.metadata),
    setup_future_usage: usage ?? null,
    automatic_payment_methods: methods?.enabled
      ? { enabled: true, allow_redirects: methods.allow_redirects ?? 'always' }
      : null,
  });
  account.create('payment_intent', intent, 'payment_intent.created');
  if (!params.confirm) return intent;
  return confirm(account, intent, params.payment_method, params.off_session ?? false);
}

function confirm(
  account: Account,
  intent: PaymentIntent,
  methodId: string | undefined,
  isOffSession: boolean,
): Outcome {
  if (!['requires_payment_method', 'requires_confirmation'].includes(intent.status))
    throw unexpectedState(intent, 'confirm');
  if (methodId === undefined) {
    throw invalidRequest('You cannot confirm this PaymentIntent because it is missing a payment method.', {
      code: 'payment_intent_unexpected_state',
    });
  }
  const method = methodNamed(account, methodId, 'payment_method');
  if (method.customer !== null && method.customer !== intent.customer) {
    throw invalidRequest('The payment method does not belong to the customer of the payment intent.', {
      param: 'payment_method',
    });
  }
  const charged = chargeIntent(account, intent, method, { isOffSession });
  const error = charged.last_payment_error;
  if (charged.status !== 'requires_payment_method' || error === null) return charged;
  // The library reads the intent of a refused payment from the error.
  return new StripeRefusal(402, { ...error, payment_intent: charged });
}

function unexpectedState(intent: PaymentIntent, verb: string) {
  return invalidRequest(
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.`,
    {
      code: 'payment_intent_unexpected_state',
    },
  );
}
