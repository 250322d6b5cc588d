import { z } from 'zod';
import { type FieldError, invalidRequest } from './problem.ts';

/** For addresses that take no body: any field is refused. */
export const NoBody = z.strictObject({});

/** Parses a request's body; throws a Problem that names every field that does not fit. */
export function readBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues.flatMap(toFieldErrors));
}

function toFieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key]),
      detail: 'is not a known field',
    }));
  }
  return [{ pointer: pointerTo(issue.path), detail: issue.message }];
}

/** JSON pointer to a member of the body, as a URI fragment (RFC 6901); `#` is the whole body. */
export function pointerTo(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  return `#${parts.join('')}`;
}
