import { z } from 'zod';
import { listPage } from '../account/list-page.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import { boolean, expand, instantFilter, list, listParameters, text } from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';

const typesMax = 20;

/** What Stripe does with events. */
export const eventOperations: Operation[] = [
  defineOperation({
    method: 'GET',
    path: '/v1/events',
    params: z.strictObject({
      ...listParameters,
      created: instantFilter,
      delivery_success: boolean.optional(),
      type: text().optional(),
      types: list(text()).optional(),
    }),
    run: (account, { created, delivery_success: isDelivered, type, types, ...page }) => {
      if (type !== undefined && types !== undefined) {
        throw invalidRequest('You may only specify one of these parameters: type, types.', {
          code: 'parameters_exclusive',
        });
      }
      if (types !== undefined && types.length > typesMax) {
        throw invalidRequest(`At most ${typesMax} types can be given.`, { param: 'types' });
      }
      const pending = isDelivered === undefined ? undefined : isDelivered ? 0 : 1;
      const where = { '$.type': type ?? types, '$.pending_webhooks': pending } as const;
      return listPage(account, 'event', { url: '/v1/events', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/events/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('event', id),
  }),
  defineOperation({
    method: 'GET',
    path: '/v2/core/events/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('v2.core.event', id),
  }),
];
