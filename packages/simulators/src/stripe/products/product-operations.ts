import { z } from 'zod';
import type { Account } from '../account/account.ts';
import { given } from '../account/given.ts';
import { listPage } from '../account/list-page.ts';
import { mergeMetadata } from '../account/metadata.ts';
import { defineOperation, type Operation } from '../account/operation.ts';
import {
  boolean,
  expand,
  instantFilter,
  list,
  listParameters,
  metadata,
  notSimulated,
  text,
  unsettable,
} from '../wire/parameters.ts';
import { invalidRequest } from '../wire/stripe-refusal.ts';
import { newProduct, type Product } from './product.ts';

const common = {
  active: boolean.optional(),
  description: unsettable(text(40_000)).optional(),
  expand,
  images: list(text()).optional(),
  marketing_features: list(z.strictObject({ name: text(80) })).optional(),
  metadata,
  shippable: boolean.optional(),
  statement_descriptor: text(22).optional(),
  tax_code: unsettable(text()).optional(),
  unit_label: unsettable(text(12)).optional(),
  url: unsettable(text()).optional(),
  ...notSimulated('package_dimensions', 'tax_details'),
};

const CreateProduct = z.strictObject({
  ...common,
  id: text().optional(),
  name: text(),
  type: z.enum(['good', 'service']).optional(),
  ...notSimulated('default_price_data'),
});

const UpdateProduct = z.strictObject({
  ...common,
  default_price: unsettable(text()).optional(),
  name: text().optional(),
});

/** What Stripe does with products. */
export const productOperations: Operation[] = [
  defineOperation({ method: 'POST', path: '/v1/products', params: CreateProduct, run: createProduct }),
  defineOperation({
    method: 'GET',
    path: '/v1/products',
    params: z.strictObject({
      ...listParameters,
      active: boolean.optional(),
      created: instantFilter,
      ids: list(text()).optional(),
      shippable: boolean.optional(),
      url: text().optional(),
      type: z.enum(['good', 'service']).optional(),
    }),
    run: (account, { active, created, ids, shippable, url, type, ...page }) => {
      const where = {
        '$.active': active,
        '$.id': ids,
        '$.shippable': shippable,
        '$.url': url,
        '$.type': type,
      } as const;
      return listPage(account, 'product', { url: '/v1/products', where, created }, page);
    },
  }),
  defineOperation({
    method: 'GET',
    path: '/v1/products/:id',
    params: z.strictObject({ expand }),
    run: (account, _params, id) => account.get('product', id),
  }),
  defineOperation({
    method: 'POST',
    path: '/v1/products/:id',
    params: UpdateProduct,
    run: (account, params, id) => {
      const product = account.get('product', id);
      const price = params.default_price;
      if (price) account.get('price', price, 'default_price');
      const changes = {
        ...changesOf(product, params),
        ...given({ default_price: price }),
        updated: account.now,
      };
      return account.update('product', product, changes, 'product.updated');
    },
  }),
  defineOperation({
    method: 'DELETE',
    path: '/v1/products/:id',
    params: z.strictObject({}),
    run: deleteProduct,
  }),
];

function createProduct(account: Account, params: z.output<typeof CreateProduct>): Product {
  const id = params.id ?? account.newId('prod');
  if (account.objects.find('product', id)) {
    throw invalidRequest(`Product already exists: ${id}`, { code: 'resource_already_exists', param: 'id' });
  }
  const blank = newProduct(id, params.name, account.now);
  const product = { ...blank, ...changesOf(blank, params) };
  account.create('product', product, 'product.created');
  return product;
}

function changesOf(
  before: Product,
  params: Omit<z.output<typeof UpdateProduct>, 'default_price'>,
): Partial<Product> {
  const { active, description, images, marketing_features, shippable, unit_label, url, name, tax_code } =
    params;
  const { statement_descriptor } = params;
  return {
    ...given({ active, description, images, marketing_features, shippable, unit_label, url, name, tax_code }),
    ...given({ statement_descriptor }),
    metadata: mergeMetadata(before.metadata, params.metadata),
  };
}

function deleteProduct(account: Account, _params: object, id: string): object {
  const product = account.get('product', id);
  if (account.objects.count('price', { '$.product': id }) > 0) {
    throw invalidRequest('This product cannot be deleted because it has one or more user-created prices.');
  }
  account.remove('product', product, 'product.deleted');
  return { id, object: 'product', deleted: true };
}
