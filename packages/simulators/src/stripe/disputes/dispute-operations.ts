import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { expand, instantFilter, listParameters, text } from '../wire/parameters.ts';

const listed = z.strictObject({
  ...listParameters,
  charge: text().optional(),
  created: instantFilter,
  payment_intent: text().optional(),
});

/** What Stripe tells of disputes and of early fraud warnings; they are opened through the control API. */
export const disputeOperations: Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/v1/disputes',
    params: listed,
    run: (account, { charge, created, payment_intent, ...page }) => {
      const where = { '$.charge': charge, '$.payment_intent': payment_intent } as const;
      return listPage(account, 'dispute', { url: '/v1/disputes', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/disputes/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('dispute', id),
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/radar/early_fraud_warnings',
    params: listed,
    run: (account, { charge, created, payment_intent, ...page }) => {
      const where = { '$.charge': charge, '$.payment_intent': payment_intent } as const;
      const url = '/v1/radar/early_fraud_warnings';
      return listPage(account, 'radar.early_fraud_warning', { url, where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/radar/early_fraud_warnings/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('radar.early_fraud_warning', id),
  }),
];
