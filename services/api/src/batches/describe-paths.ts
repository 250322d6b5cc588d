import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problems, readOperation } from '../openapi/operation.ts';
import { idempotencyKeyHeader, writeOperation } from '../openapi/write-operation.ts';
import { BatchRequest } from './batch-request.ts';
import { AcceptedBatch, BatchView } from './batch-view.ts';
import { CanceledBatch } from './cancel-batch.ts';
import { BatchesQuery, BatchesView } from './list-batches.ts';
import { BatchItemsQuery, BatchItemsView } from './list-items.ts';

const example = 'bat_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';

export const batchPaths: ZodOpenApiPathsObject = {
  '/v1/sms/batch': {
    post: {
      operationId: 'sendBatch',
      summary: 'Send to up to 10,000 recipients',
      requestParams: {
        header: idempotencyKeyHeader('The same key and request give the same answer again, and one batch.'),
      },
      requestBody: { required: true, content: { 'application/json': { schema: BatchRequest } } },
      responses: {
        '202': {
          description: 'Stored and on its way, but for the recipients that were refused',
          headers: z.object({ 'Idempotent-Replayed': z.string().optional(), Location: z.string() }),
          content: { 'application/json': { schema: AcceptedBatch } },
        },
        ...problems(400, 401, 402, 403, 409, 413, 415, 429, 500),
      },
    },
  },
  '/v1/sms/batches': readOperation({
    id: 'listBatches',
    summary: 'Batches as they were accepted, newest first',
    query: BatchesQuery,
    view: BatchesView,
  }),
  '/v1/sms/batches/{id}': readOperation({
    id: 'getBatch',
    summary: 'One batch with how its messages stand',
    example,
    view: BatchView,
  }),
  '/v1/sms/batches/{id}/items': readOperation({
    id: 'listBatchItems',
    summary: 'What came of each recipient of a batch',
    example,
    query: BatchItemsQuery,
    view: BatchItemsView,
  }),
  '/v1/sms/batches/{id}/cancel': {
    post: writeOperation({
      id: 'cancelBatch',
      summary: 'Cancel what of a batch was not handed over',
      path: { id: example },
      view: CanceledBatch,
      by: 'apiKey',
    }),
  },
};
