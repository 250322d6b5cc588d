import { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { operatorSession, problems } from './operation.ts';

export type WriteOperation = {
  id: string;
  summary: string;
  /** Names in the path, with their examples. */
  path?: Record<string, string>;
  body?: z.ZodType;
  /** Nothing is answered without one. */
  view?: z.ZodType;
  /** 201 where something is made. */
  status?: '200' | '201';
  /** Operators' unless it is an API key's. */
  by?: 'operator' | 'apiKey';
  /** Statuses besides those that any write may have. */
  refusals?: number[];
  headers?: z.ZodObject;
};

/** Describes an address that changes something. */
export function writeOperation(operation: WriteOperation): ZodOpenApiOperationObject {
  const {
    id,
    summary,
    path,
    body,
    view,
    status = '200',
    by = 'operator',
    refusals = [],
    headers,
  } = operation;
  const names = Object.entries(path ?? {});
  const answer = view && { content: { 'application/json': { schema: view } } };
  return {
    operationId: id,
    summary,
    ...(by === 'operator' && { security: operatorSession }),
    requestParams: {
      ...(headers && { header: headers }),
      ...(names.length > 0 && {
        path: z.object(
          Object.fromEntries(names.map(([name, example]) => [name, z.string().meta({ example })])),
        ),
      }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [view ? status : '204']: { description: summary, ...answer },
      ...problems(400, 401, 403, ...(path ? [404] : []), ...refusals, ...(by === 'apiKey' ? [429] : []), 500),
    },
  };
}
