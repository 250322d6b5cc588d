import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { given } from '../account/given.ts';
import { listPage } from '../account/list-page.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import {
  boolean,
  currency,
  expand,
  instantFilter,
  list,
  listParameters,
  metadata,
  notSimulated,
  text,
} from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import { CreatePrice, createPrice, taxBehavior } from './create-price.ts';
import type { Price } from './price.ts';
import { takeLookupKey } from './take-lookup-key.ts';

const UpdatePrice = z.strictObject({
  active: boolean.optional(),
  expand,
  lookup_key: text(200).optional(),
  metadata,
  nickname: text().optional(),
  tax_behavior: taxBehavior.optional(),
  transfer_lookup_key: boolean.optional(),
  ...notSimulated('currency_options'),
});

const ListPrices = z.strictObject({
  ...listParameters,
  active: boolean.optional(),
  created: instantFilter,
  currency: currency.optional(),
  lookup_keys: list(text()).optional(),
  product: text().optional(),
  recurring: z
    .strictObject({
      interval: z.enum(['day', 'month', 'week', 'year']).optional(),
      usage_type: z.enum(['licensed', 'metered']).optional(),
      ...notSimulated('meter'),
    })
    .optional(),
  type: z.enum(['one_time', 'recurring']).optional(),
});

/** What Stripe does with prices. */
export const priceOperations: Operation[] = [
  defineOperation({ method: 'POST', path: '/v1/prices', params: CreatePrice, run: createPrice }),
  defineOperation({
    method: 'GET',
    path: '/v1/prices',
    params: ListPrices,
    run: (
      account,
      { active, created, currency: only, lookup_keys: keys, product, recurring, type, ...page },
    ) => {
      const where = {
        '$.active': active,
        '$.currency': only,
        '$.lookup_key': keys,
        '$.product': product,
        '$.recurring.interval': recurring?.interval,
        '$.recurring.usage_type': recurring?.usage_type,
        '$.type': type,
      } as const;
      return listPage(account, 'price', { url: '/v1/prices', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/prices/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('price', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/prices/:id',
    params: UpdatePrice,
    run: (account, params, id) => updatePrice(account, account.get('price', id), params),
  }),
];

function updatePrice(account: Account, price: Price, params: z.output<typeof UpdatePrice>): Price {
  const { active, lookup_key: lookupKey, nickname, tax_behavior: behavior } = params;
  if (behavior !== undefined && price.tax_behavior !== 'unspecified' && behavior !== price.tax_behavior) {
    throw invalidRequest(`The tax behavior of a price cannot change once it is ${price.tax_behavior}.`, {
      param: 'tax_behavior',
    });
  }
  if (lookupKey !== undefined && lookupKey !== price.lookup_key) {
    takeLookupKey(account, lookupKey, params.transfer_lookup_key ?? false);
  }
  const changes = {
    ...given({ active, nickname, lookup_key: lookupKey, tax_behavior: behavior }),
    metadata: mergeMetadata(price.metadata, params.metadata),
  };
  return account.update('price', price, changes, 'price.updated');
}
