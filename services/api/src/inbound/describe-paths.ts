import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { InboundQuery, InboundView } from './list-inbound.ts';
import { NumberRequest, NumbersView, NumberView } from './number-routes.ts';

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
    post: writeOperation({
      id: 'assignNumber',
      summary: 'Give a number to a tenant',
      body: NumberRequest,
      view: NumberView,
    }),
  },
  '/v1/admin/numbers/{number}': {
    delete: writeOperation({
      id: 'releaseNumber',
      summary: 'Take a number from its tenant',
      path: { number: '+420777123456' },
    }),
  },
};
