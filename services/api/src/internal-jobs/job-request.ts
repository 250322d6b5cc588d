import { publicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';
import { invalidRequest } from '../problems/problem.ts';
import { readQuery } from '../problems/read-query.ts';

const scope = {
  tenantId: publicId('tnt').optional(),
  asOf: z.iso
    .datetime({ offset: true, error: 'must be an instant such as 2026-04-01T00:00:00Z' })
    .refine((text) => new Date(text).getUTCFullYear() < 3000, { error: 'is too far ahead' })
    .optional(),
};

/** Closing what is due. The type is only the run's label: every run closes every ended period. */
export const BillingJobRequest = z.strictObject({
  type: z.enum(['daily', 'weekly', 'monthly', 'all']).default('all'),
  ...scope,
});

export const InvoicesJobRequest = z.strictObject(scope);

export type JobSource = { query: object; body: unknown };

/**
 * Reads a job's fields, each from the query or the body. Throws a Problem that names what does not
 * fit, and `asOf` where time is real: closing ahead of time would bill what is not over.
 */
export function readJobRequest<Request extends { asOf?: string | undefined }>(
  schema: z.ZodType<Request>,
  { query, body }: JobSource,
  mode: 'sandbox' | 'live',
): Request {
  const fields = z.record(z.string(), z.unknown()).safeParse(body ?? {}).data;
  if (!fields) throw invalidRequest([{ pointer: '#', detail: 'must be a JSON object' }]);
  const twice = Object.keys(fields).filter((name) => name in query);
  if (twice.length > 0) {
    throw invalidRequest(twice.map((parameter) => ({ parameter, detail: 'is given in query and body' })));
  }
  const request = readQuery(schema, { ...query, ...fields });
  if (request.asOf !== undefined && mode !== 'sandbox') {
    throw invalidRequest([{ parameter: 'asOf', detail: 'is for sandboxes only' }]);
  }
  return request;
}
