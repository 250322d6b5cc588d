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
  /** 201 where something is made, 202 where it is only begun. */
  status?: '200' | '201' | '202';
  /** Operators' unless it is an API key's. */
  by?: 'operator' | 'apiKey';
  /** What its key does where the address keeps keys in a way of its own; null where it takes none. */
  keyDescription?: string | null;
  /** Statuses of refusals that other writes do not have. */
  alsoRefusedWith?: readonly number[];
};

/** The header that makes a write safe to repeat. */
export function idempotencyKeyHeader(
  description = 'The same key and request give the same answer again, and nothing is done twice.',
) {
  return z.object({ 'Idempotency-Key': z.string().max(255).optional().meta({ description }) });
}

/** Describes an address that changes something. */
export function writeOperation(operation: WriteOperation): ZodOpenApiOperationObject {
  const { id, summary, path, body, view, status = '200', by = 'operator', keyDescription } = operation;
  const { alsoRefusedWith = [] } = operation;
  const names = Object.entries(path ?? {});
  const answer = view && { content: { 'application/json': { schema: view } } };
  return {
    operationId: id,
    summary,
    ...(by === 'operator' && { security: operatorSession }),
    requestParams: {
      ...(keyDescription !== null && { header: idempotencyKeyHeader(keyDescription) }),
      ...(names.length > 0 && {
        path: z.object(
          Object.fromEntries(names.map(([name, example]) => [name, z.string().meta({ example })])),
        ),
      }),
    },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [view ? status : '204']: { description: summary, ...answer },
      ...problems(
        ...[400, 401, 403],
        ...(path ? [404] : []),
        409,
        ...(body ? [413, 415] : []),
        ...(by === 'apiKey' ? [429] : []),
        500,
        ...alsoRefusedWith,
      ),
    },
  };
}
