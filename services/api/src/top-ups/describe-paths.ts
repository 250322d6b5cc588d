import type { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { problems, readOperation } from '../openapi/operation.ts';
import { idempotencyKeyHeader, writeOperation } from '../openapi/write-operation.ts';
import { AutomaticTopUpRequest, AutomaticTopUpView } from './automatic-top-up.ts';
import { TopUpRequest } from './create-top-up.ts';
import { TopUpsQuery, TopUpsView } from './list-top-ups.ts';
import { TopUpView } from './top-up-view.ts';

const content = (schema: z.ZodType) => ({ 'application/json': { schema } });

const buy = (id: string, summary: string): ZodOpenApiOperationObject => ({
  operationId: id,
  summary,
  requestParams: {
    header: idempotencyKeyHeader('The same key and request lead to the same top-up, and one page.'),
  },
  requestBody: { required: true, content: content(TopUpRequest) },
  responses: {
    '201': { description: 'The page to pay on is open', content: content(TopUpView) },
    '202': {
      description: 'Stored; the page is opened as soon as Stripe answers',
      content: content(TopUpView),
    },
    ...problems(400, 401, 403, 409, 415, 429, 500, 503),
  },
});

export const topUpPathsDescribed: ZodOpenApiPathsObject = {
  '/v1/billing/top-ups': {
    ...readOperation({
      id: 'listTopUps',
      summary: 'Credit that was bought, newest first',
      query: TopUpsQuery,
      view: TopUpsView,
    }),
    post: buy('createTopUp', 'Buy credit on Stripe’s page'),
  },
  '/v1/billing/add-funds': { post: buy('addFunds', 'Another name of `POST /v1/billing/top-ups`') },
  '/v1/billing/top-ups/{id}': readOperation({
    id: 'getTopUp',
    summary: 'One top-up; looking at it asks Stripe how it stands',
    example: 'top_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e',
    view: TopUpView,
  }),
  '/v1/billing/automatic-top-up': {
    ...readOperation({
      id: 'getAutomaticTopUp',
      summary: 'Whether and when credit is bought by itself',
      view: AutomaticTopUpView,
    }),
    post: writeOperation({
      id: 'changeAutomaticTopUp',
      summary: 'Change whether and when credit is bought by itself',
      body: AutomaticTopUpRequest,
      view: AutomaticTopUpView,
      by: 'apiKey',
      alsoRefusedWith: [503],
    }),
  },
};
