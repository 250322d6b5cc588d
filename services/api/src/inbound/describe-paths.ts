import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, problems, readOperation } from '../openapi/operation.ts';
import { InboundQuery, InboundView } from './list-inbound.ts';
import { NumberRequest, NumbersView, NumberView } from './number-routes.ts';

const assignSummary = 'Give a number to a tenant';
const releaseSummary = 'Take a number from its tenant';

export const inboundPaths: ZodOpenApiPathsObject = {
  '/v1/sms/inbound': readOperation({
    id: 'listInbound',
    summary: 'What was written to the tenant, newest first',
    query: InboundQuery,
    view: InboundView,
  }),
  '/v1/admin/numbers': {
    ...readOperation({
      id: 'listNumbers',
      summary: 'Numbers on which tenants receive messages',
      view: NumbersView,
      security: operatorSession,
    }),
    post: {
      operationId: 'assignNumber',
      summary: assignSummary,
      security: operatorSession,
      requestBody: { required: true, content: { 'application/json': { schema: NumberRequest } } },
      responses: {
        '200': { description: assignSummary, content: { 'application/json': { schema: NumberView } } },
        ...problems(400, 401, 403, 500),
      },
    },
  },
  '/v1/admin/numbers/{number}': {
    delete: {
      operationId: 'releaseNumber',
      summary: releaseSummary,
      security: operatorSession,
      requestParams: { path: z.object({ number: z.string().meta({ example: '+420777123456' }) }) },
      responses: { '204': { description: releaseSummary }, ...problems(400, 401, 403, 404, 500) },
    },
  },
};
