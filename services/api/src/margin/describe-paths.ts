import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { OperatorMessageView } from './find-operator-message.ts';
import { MarginQuery, MarginView } from './margin-view.ts';

export const marginPaths: ZodOpenApiPathsObject = {
  '/v1/admin/margin': readOperation({
    id: 'getMargin',
    summary: 'What messages bring and cost, by tenant, country or month',
    query: MarginQuery,
    view: MarginView,
    security: operatorSession,
  }),
  '/v1/admin/messages/{id}': readOperation({
    id: 'getOperatorMessage',
    summary: 'One message with its cost and margin',
    example: 'msg_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e',
    view: OperatorMessageView,
    security: operatorSession,
  }),
};
