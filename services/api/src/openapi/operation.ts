import { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import { problemKinds } from '../problems/problem.ts';

const ProblemDetails = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(Object.keys(problemKinds)),
    detail: z.string(),
    traceId: z.string().optional(),
    errorsOmitted: z
      .number()
      .int()
      .optional()
      .meta({ description: 'How many more there are than `errors` names.' }),
    errors: z
      .array(
        z.object({
          pointer: z.string().optional().meta({ description: 'Into the body.' }),
          parameter: z.string().optional().meta({ description: 'Of the query.' }),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457); decide by `code`.' });

/** The answers of these statuses, as problem details. */
export function problems(...statuses: number[]): ZodOpenApiOperationObject['responses'] {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: Object.values(problemKinds).find((kind) => kind.status === status)?.title ?? 'Problem',
        content: { 'application/problem+json': { schema: ProblemDetails } },
      },
    ]),
  );
}

/** For addresses that ask for an operator's session instead of an API key. */
export const operatorSession = [{ operatorSession: [] }];

/** Describes an address that is only read. */
export function readOperation({
  id,
  summary,
  example,
  query,
  view,
  security,
}: {
  id: string;
  summary: string;
  /** Of the `{id}` in the path, where it has one. */
  example?: string;
  query?: z.ZodObject;
  view: z.ZodType;
  /** An API key unless something else is said. */
  security?: ZodOpenApiOperationObject['security'];
}): { get: ZodOpenApiOperationObject } {
  const path = example === undefined ? undefined : z.object({ id: z.string().meta({ example }) });
  return {
    get: {
      operationId: id,
      summary,
      ...(security && { security }),
      requestParams: { ...(path && { path }), ...(query && { query }) },
      responses: {
        '200': { description: summary, content: { 'application/json': { schema: view } } },
        ...problems(400, 401, 403, ...(path ? [404] : []), ...(security ? [] : [429]), 500),
      },
    },
  };
}
