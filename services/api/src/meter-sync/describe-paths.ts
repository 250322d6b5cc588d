import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { writeOperation } from '../openapi/write-operation.ts';
import { SyncView } from './routes.ts';

export const meterSyncPaths: ZodOpenApiPathsObject = {
  '/v1/billing/usage/sync': {
    post: writeOperation({
      id: 'syncUsage',
      summary: 'Tell Stripe’s meters the usage of closed days now, instead of at the next daily run',
      view: SyncView,
      by: 'apiKey',
    }),
  },
};
