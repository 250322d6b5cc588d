import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
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
  '/v1/admin/dead-letters/replay': {
    post: writeOperation({
      id: 'replayDeadLetters',
      summary: 'Do given up work again, or say what would happen',
      body: ReplayRequest,
      view: ReplayView,
      alsoRefusedWith: [404],
    }),
  },
  '/v1/admin/dead-letters/discard': {
    post: writeOperation({
      id: 'discardDeadLetters',
      summary: 'Give work up for good, with a reason',
      body: DiscardRequest,
      view: DiscardView,
      alsoRefusedWith: [404],
    }),
  },
};
