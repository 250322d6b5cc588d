import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { InboxEventsView, InboxEventView } from './inbox-view.ts';
import { InboxQuery } from './list-events.ts';

export const webhookInboxPaths: ZodOpenApiPathsObject = {
  '/v1/admin/webhooks': readOperation({
    id: 'listWebhookEvents',
    summary: 'What providers and Stripe told us, and what came of it',
    query: InboxQuery,
    view: InboxEventsView,
    security: operatorSession,
  }),
  '/v1/admin/webhooks/{id}/apply-again': {
    post: writeOperation({
      id: 'applyWebhookEventAgain',
      summary: 'Apply a received event again; every effect happens once all the same',
      path: { id: 'evt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
      view: InboxEventView,
    }),
  },
};
