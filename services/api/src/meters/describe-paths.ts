import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import {
  MeterPriceRequest,
  MeterPricesQuery,
  MeterPricesView,
  MeterPriceView,
  MeterRequest,
  MetersView,
  MeterView,
} from './meter-views.ts';

export const meterPaths: ZodOpenApiPathsObject = {
  '/v1/admin/meters': {
    ...readOperation({
      id: 'listMeters',
      summary: 'What can be counted',
      view: MetersView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'addMeter',
      summary: 'Count something of your own',
      body: MeterRequest,
      view: MeterView,
      status: '201',
    }),
  },
  '/v1/admin/meter-prices': {
    ...readOperation({
      id: 'listMeterPrices',
      summary: 'What a unit of each meter costs',
      query: MeterPricesQuery,
      view: MeterPricesView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'addMeterPrice',
      summary: 'Add a price of a meter, from now or later',
      body: MeterPriceRequest,
      view: MeterPriceView,
      status: '201',
    }),
  },
  '/v1/admin/meter-prices/{id}': {
    delete: writeOperation({
      id: 'removeMeterPrice',
      summary: 'Remove a price of a meter that has not begun',
      path: { id: 'prc_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
    }),
  },
};
