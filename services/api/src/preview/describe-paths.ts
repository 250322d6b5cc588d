import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { problems } from '../openapi/operation.ts';
import { PreviewRequest, PreviewView } from './preview-request.ts';

const summary = 'What a message would look like and cost';

export const previewPaths: ZodOpenApiPathsObject = {
  '/v1/sms/preview': {
    post: {
      operationId: 'previewMessage',
      summary,
      requestBody: { required: true, content: { 'application/json': { schema: PreviewRequest } } },
      responses: {
        '200': { description: summary, content: { 'application/json': { schema: PreviewView } } },
        ...problems(400, 401, 403, 413, 415, 429, 500),
      },
    },
  },
};
