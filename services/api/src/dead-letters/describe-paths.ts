import type { z } from 'zod';
import type { ZodOpenApiPathItemObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, problems, readOperation } from '../openapi/operation.ts';
import { ShownDeadLetterView } from './dead-letter-view.ts';
import { GroupsQuery, GroupsView } from './groups-query.ts';
import { DeadLettersQuery, DeadLettersView } from './list-query.ts';
import { DiscardView, ReplayView } from './operation-view.ts';
import { DiscardRequest, ReplayRequest } from './selection-request.ts';

export const deadLetterPaths: ZodOpenApiPathsObject = {
  '/v1/admin/dead-letters': readOperation({
    id: 'listDeadLetters',
    summary: 'Work that was given up, newest first',
    query: DeadLettersQuery,
    view: DeadLettersView,
    security: operatorSession,
  }),
  '/v1/admin/dead-letters/groups': readOperation({
    id: 'groupDeadLetters',
    summary: 'Dead letters by their cause, with the money at stake',
    query: GroupsQuery,
    view: GroupsView,
    security: operatorSession,
  }),
  '/v1/admin/dead-letters/{id}': readOperation({
    id: 'getDeadLetter',
    summary: 'One dead letter with its audit',
    example: 'dlq_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e',
    view: ShownDeadLetterView,
    security: operatorSession,
  }),
  '/v1/admin/dead-letters/replay': decide({
    id: 'replayDeadLetters',
    summary: 'Do given up work again, or say what would happen',
    body: ReplayRequest,
    view: ReplayView,
  }),
  '/v1/admin/dead-letters/discard': decide({
    id: 'discardDeadLetters',
    summary: 'Give work up for good, with a reason',
    body: DiscardRequest,
    view: DiscardView,
  }),
};

function decide({
  id,
  summary,
  body,
  view,
}: {
  id: string;
  summary: string;
  body: z.ZodType;
  view: z.ZodType;
}): ZodOpenApiPathItemObject {
  return {
    post: {
      operationId: id,
      summary,
      security: operatorSession,
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
      responses: {
        '200': { description: summary, content: { 'application/json': { schema: view } } },
        ...problems(400, 401, 403, 404, 413, 500),
      },
    },
  };
}
