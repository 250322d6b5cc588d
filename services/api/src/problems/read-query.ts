import { z } from 'zod';
import { type FieldError, invalidRequest } from './problem.ts';

/** For addresses that take no query parameters: any is refused. */
export const NoQuery = z.strictObject({});

/** Parses a request's query; throws a Problem that names every parameter that is unknown or does not fit. */
export function readQuery<Schema extends z.ZodType>(schema: Schema, query: object): z.infer<Schema> {
  const result = schema.safeParse({ ...query });
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.flatMap(toParameterErrors));
}

function toParameterErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((parameter) => ({ parameter, detail: 'is not a known parameter' }));
  }
  return [{ parameter: String(issue.path[0] ?? ''), detail: issue.message }];
}
