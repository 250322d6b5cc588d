import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { writeOperation } from '../openapi/write-operation.ts';
import { CreditRequest } from './credit-request.ts';
import { BookedCreditView } from './credit-view.ts';

export const creditPaths: ZodOpenApiPathsObject = {
  '/v1/admin/tenants/{id}/credit': {
    post: writeOperation({
      id: 'bookCredit',
      summary: 'Record a payment, adjustment, bonus or refund by hand',
      path: { id: 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
      keyDescription: 'Stands for a reference where none is given.',
      body: CreditRequest,
      view: BookedCreditView,
      status: '201',
    }),
  },
};
