import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { BlockRequest } from './block-list-routes.ts';
import { BlockListQuery, BlockListView } from './list-blocked.ts';
import { OptOutsQuery, OptOutsView } from './list-opt-outs.ts';
import { OptOutsAdded, OptOutsRequest } from './routes.ts';

const path = { recipient: '+420777123456' };

export const optOutPaths: ZodOpenApiPathsObject = {
  '/v1/sms/opt-outs': {
    ...readOperation({
      id: 'listOptOuts',
      summary: 'Recipients who want no more messages',
      query: OptOutsQuery,
      view: OptOutsView,
    }),
    post: writeOperation({
      id: 'addOptOuts',
      summary: 'Send no more messages to recipients',
      body: OptOutsRequest,
      view: OptOutsAdded,
      by: 'apiKey',
    }),
  },
  '/v1/sms/opt-outs/{recipient}': {
    delete: writeOperation({
      id: 'removeOptOut',
      summary: 'Let a recipient be sent to again',
      path,
      by: 'apiKey',
    }),
  },
  '/v1/admin/block-list': {
    ...readOperation({
      id: 'listBlocked',
      summary: 'Numbers that nobody may be sent to',
      query: BlockListQuery,
      view: BlockListView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'blockNumbers',
      summary: 'Block numbers for every tenant',
      body: BlockRequest,
      view: OptOutsAdded,
    }),
  },
  '/v1/admin/block-list/{recipient}': {
    delete: writeOperation({ id: 'unblockNumber', summary: 'Let a blocked number be sent to', path }),
  },
};
