import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { expand, instantFilter, listParameters, text } from '../wire/parameters.ts';

/** What Stripe tells of charges. */
export const chargeOperations: Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/v1/charges',
    params: z.strictObject({
      ...listParameters,
      created: instantFilter,
      customer: text().optional(),
      payment_intent: text().optional(),
    }),
    run: (account, { created, customer, payment_intent, ...page }) => {
      const where = { '$.customer': customer, '$.payment_intent': payment_intent } as const;
      return listPage(account, 'charge', { url: '/v1/charges', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/charges/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('charge', id),
  }),
];
