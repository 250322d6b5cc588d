import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { writeOperation } from '../openapi/write-operation.ts';
import { TransactionView } from '../transactions/transaction-view.ts';
import { CreditRequest } from './credit-request.ts';

export const creditPaths: ZodOpenApiPathsObject = {
  '/v1/admin/tenants/{id}/credit': {
    post: writeOperation({
      id: 'bookCredit',
      summary: 'Record a payment, adjustment, bonus or refund by hand',
      path: { id: 'tnt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
      headers: z.object({
        'Idempotency-Key': z.string().max(255).optional().meta({
          description: 'Stands for a reference where none is given.',
        }),
      }),
      body: CreditRequest,
      view: TransactionView,
      status: '201',
      refusals: [409],
    }),
  },
};
