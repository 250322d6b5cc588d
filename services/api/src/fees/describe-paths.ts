import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { FeeEndRequest, FeeRequest } from './fee-request.ts';
import { FeesView, FeeView } from './fee-view.ts';

const tenantId = 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';

export const feePaths: ZodOpenApiPathsObject = {
  '/v1/admin/tenants/{id}/fees': {
    ...readOperation({
      id: 'listFees',
      summary: 'What a tenant pays for time',
      example: tenantId,
      view: FeesView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'createFee',
      summary: 'Charge a tenant by the month, by the day or once',
      path: { id: tenantId },
      body: FeeRequest,
      view: FeeView,
      status: '201',
    }),
  },
  '/v1/admin/fees/{id}/end': {
    post: writeOperation({
      id: 'endFee',
      summary: 'Charge a fee until a day',
      path: { id: 'fee_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
      body: FeeEndRequest,
      view: FeeView,
    }),
  },
};
