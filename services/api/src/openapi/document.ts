import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject } from 'zod-openapi';
import { BalanceView } from '../credit/routes.ts';
import { MessageView } from '../messages/message-view.ts';
import { AcceptedMessage, SendRequest } from '../messages/send-request.ts';
import { problemKinds } from '../problems/problem.ts';

const ProblemDetails = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(Object.keys(problemKinds)),
    detail: z.string(),
    traceId: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457); decide by `code`.' });

const problems = (...statuses: number[]): ZodOpenApiOperationObject['responses'] =>
  Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: Object.values(problemKinds).find((kind) => kind.status === status)?.title ?? 'Problem',
        content: { 'application/problem+json': { schema: ProblemDetails } },
      },
    ]),
  );

/** The OpenAPI 3.1 description, made from the same schemas that check the requests. */
export function describeApi(publicUrl: string): object {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tollgate',
      version: '0.1.0',
      description: 'Send SMS and keep the books.',
      license: { name: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }],
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'tg_live_… or tg_test_…' } },
    },
    paths: {
      '/v1/sms/send': {
        post: {
          operationId: 'sendMessage',
          summary: 'Send one message',
          requestParams: {
            header: z.object({
              'Idempotency-Key': z.string().max(255).optional().meta({
                description: 'The same key and request give the same answer again, and one message.',
              }),
            }),
          },
          requestBody: { required: true, content: { 'application/json': { schema: SendRequest } } },
          responses: {
            '202': {
              description: 'Stored and on its way',
              headers: z.object({ 'Idempotent-Replayed': z.string().optional(), Location: z.string() }),
              content: { 'application/json': { schema: AcceptedMessage } },
            },
            ...problems(400, 401, 402, 403, 409, 413, 500),
          },
        },
      },
      '/v1/sms/messages/{id}': {
        get: {
          operationId: 'getMessage',
          summary: 'One message with its timeline',
          requestParams: {
            path: z.object({ id: z.string().meta({ example: 'msg_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }) }),
          },
          responses: {
            '200': { description: 'The message', content: { 'application/json': { schema: MessageView } } },
            ...problems(401, 403, 404, 500),
          },
        },
      },
      '/v1/billing/balance': {
        get: {
          operationId: 'getBalance',
          summary: 'Credit that is left',
          responses: {
            '200': { description: 'The balance', content: { 'application/json': { schema: BalanceView } } },
            ...problems(401, 403, 404, 500),
          },
        },
      },
    },
  });
}
