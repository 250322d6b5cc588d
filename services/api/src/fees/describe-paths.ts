import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { changeOperation, operatorSession, readOperation } from '../openapi/operation.ts';
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
    ...changeOperation({
      id: 'createFee',
      summary: 'Charge a tenant by the month, by the day or once',
      path: { id: z.string().meta({ example: tenantId }) },
      body: FeeRequest,
      view: FeeView,
      status: 201,
      security: operatorSession,
    }),
  },
  '/v1/admin/fees/{id}/end': changeOperation({
    id: 'endFee',
    summary: 'Charge a fee until a day',
    path: { id: z.string().meta({ example: 'fee_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }) },
    body: FeeEndRequest,
    view: FeeView,
    security: operatorSession,
  }),
};
