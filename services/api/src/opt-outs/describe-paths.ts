import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, problems, readOperation } from '../openapi/operation.ts';
import { BlockRequest } from './block-list-routes.ts';
import { BlockListQuery, BlockListView } from './list-blocked.ts';
import { OptOutsQuery, OptOutsView } from './list-opt-outs.ts';
import { OptOutsAdded, OptOutsRequest } from './routes.ts';

function addOperation(id: string, summary: string, schema: z.ZodType): ZodOpenApiOperationObject {
  return {
    operationId: id,
    summary,
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: {
      '200': { description: summary, content: { 'application/json': { schema: OptOutsAdded } } },
      ...problems(400, 401, 403, 500),
    },
  };
}

function removeOperation(id: string, summary: string): ZodOpenApiOperationObject {
  return {
    operationId: id,
    summary,
    requestParams: { path: z.object({ recipient: z.string().meta({ example: '+420777123456' }) }) },
    responses: { '204': { description: summary }, ...problems(400, 401, 403, 404, 500) },
  };
}

export const optOutPaths: ZodOpenApiPathsObject = {
  '/v1/sms/opt-outs': {
    ...readOperation({
      id: 'listOptOuts',
      summary: 'Recipients who want no more messages',
      query: OptOutsQuery,
      view: OptOutsView,
    }),
    post: addOperation('addOptOuts', 'Send no more messages to recipients', OptOutsRequest),
  },
  '/v1/sms/opt-outs/{recipient}': {
    delete: removeOperation('removeOptOut', 'Let a recipient be sent to again'),
  },
  '/v1/admin/block-list': {
    ...readOperation({
      id: 'listBlocked',
      summary: 'Numbers that nobody may be sent to',
      query: BlockListQuery,
      view: BlockListView,
      security: operatorSession,
    }),
    post: {
      ...addOperation('blockNumbers', 'Block numbers for every tenant', BlockRequest),
      security: operatorSession,
    },
  },
  '/v1/admin/block-list/{recipient}': {
    delete: {
      ...removeOperation('unblockNumber', 'Let a blocked number be sent to'),
      security: operatorSession,
    },
  },
};
