import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { PushesQuery } from './list-pushes.ts';
import { PushesView, PushView } from './push-view.ts';
import { ResolveRequest } from './resolve-request.ts';

const example = 'psh_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';

export const stripePushPaths: ZodOpenApiPathsObject = {
  '/v1/admin/stripe/pushes': readOperation({
    id: 'listStripePushes',
    summary: 'What is pushed to Stripe; those that wait for a person by default',
    query: PushesQuery,
    view: PushesView,
    security: operatorSession,
  }),
  '/v1/admin/stripe/pushes/{id}': readOperation({
    id: 'getStripePush',
    summary: 'One push, with what Stripe had when it was looked up',
    example,
    view: PushView,
    security: operatorSession,
  }),
  '/v1/admin/stripe/pushes/{id}/resolve': {
    post: writeOperation({
      id: 'resolveStripePush',
      summary: 'Decide about a push that stopped: adopt an object, try again, discard it, or look it up',
      path: { id: example },
      body: ResolveRequest,
      view: PushView,
    }),
  },
};
