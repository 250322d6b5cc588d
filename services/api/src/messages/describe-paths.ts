import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problems, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { ExportQuery } from './export/export-messages.ts';
import { MessagesQuery, MessagesView } from './list-messages.ts';
import { MessageView } from './message-view.ts';

const listSummary = 'Messages that fit the filters, newest first';
const exportSummary = 'Messages that fit the filters, as a file';

export const messagePaths: ZodOpenApiPathsObject = {
  '/v1/sms/messages': readOperation({
    id: 'listMessages',
    summary: listSummary,
    query: MessagesQuery,
    view: MessagesView,
  }),
  '/v1/sms/history': readOperation({
    id: 'listHistory',
    summary: 'The same as /v1/sms/messages',
    query: MessagesQuery,
    view: MessagesView,
  }),
  '/v1/sms/messages/export': {
    get: {
      operationId: 'exportMessages',
      summary: exportSummary,
      requestParams: { query: ExportQuery },
      responses: {
        '200': {
          description: exportSummary,
          content: {
            'text/csv': { schema: z.string() },
            'application/jsonl': { schema: z.string().meta({ description: 'A MessageSummary a line.' }) },
          },
        },
        ...problems(400, 401, 403, 429, 500),
      },
    },
  },
  '/v1/sms/messages/{id}/cancel': {
    post: writeOperation({
      id: 'cancelMessage',
      summary: 'Cancel a message that was not handed over',
      path: { id: 'msg_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' },
      view: MessageView,
      by: 'apiKey',
    }),
  },
};
