import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { PricesQuery, PricesView, PriceView } from './list-prices.ts';
import { PriceRequest } from './price-request.ts';

export const pricePaths: ZodOpenApiPathsObject = {
  '/v1/admin/prices': {
    ...readOperation({
      id: 'listPrices',
      summary: 'The SMS price list',
      query: PricesQuery,
      view: PricesView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'addPrice',
      summary: 'Add an SMS price, from now or later',
      body: PriceRequest,
      view: PriceView,
      status: '201',
    }),
  },
  '/v1/admin/prices/{id}': {
    delete: writeOperation({
      id: 'removePrice',
      summary: 'Remove an SMS price that has not begun',
      path: { id: 'prc_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
    }),
  },
};
