import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { listPage } from '../account/list-page.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import type { Charge } from '../charges/charge.ts';
import {
  expand,
  instantFilter,
  listParameters,
  metadata,
  natural,
  notSimulated,
  text,
} from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import { createRefund } from './refund.ts';

const CreateRefund = z.strictObject({
  amount: natural.optional(),
  charge: text().optional(),
  expand,
  metadata,
  payment_intent: text().optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  ...notSimulated('currency', 'customer', 'instructions_email', 'origin', 'refund_application_fee'),
});

/** What Stripe does with refunds. */
export const refundOperations: Operation[] = [
  defineOperation({
    method: 'POST',
    path: '/v1/refunds',
    params: CreateRefund,
    run: (account, params) =>
      createRefund(account, {
        charge: chargeOf(account, params),
        amount: params.amount,
        reason: params.reason ?? null,
        metadata: mergeMetadata({}, params.metadata),
      }),
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/refunds',
    params: z.strictObject({
      ...listParameters,
      charge: text().optional(),
      created: instantFilter,
      payment_intent: text().optional(),
    }),
    run: (account, { charge, created, payment_intent, ...page }) => {
      const where = { '$.charge': charge, '$.payment_intent': payment_intent } as const;
      return listPage(account, 'refund', { url: '/v1/refunds', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/refunds/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('refund', id),
  }),
];

/** Returns the charge that a payment intent or a charge names. Refuses an intent that is not paid. */
export function chargeOf(
  account: Account,
  { charge, payment_intent: intentId }: { charge?: string | undefined; payment_intent?: string | undefined },
): Charge {
  if (charge !== undefined) return account.get('charge', charge, 'charge');
  if (intentId === undefined)
    throw invalidRequest('One of the following params should be provided: payment_intent or charge.');
  const { latest_charge: latest } = account.get('payment_intent', intentId, 'payment_intent');
  const found = latest === null ? undefined : account.objects.find('charge', latest);
  if (found !== undefined) return found;
  throw invalidRequest('This PaymentIntent does not have a successful charge.', {
    code: 'payment_intent_unexpected_state',
  });
}
