import { hashRequest, type IdempotencyRef } from '@tollgate/shared/idempotency/idempotency.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Request } from 'express';
import { z } from 'zod';
import { Problem } from '../problems/problem.ts';

const KEY_LENGTH_MAX = 255;
const error = `must be 1 to ${KEY_LENGTH_MAX} visible ASCII characters`;

/** A key that can be kept. */
export const IdempotencyKey = z
  .string({ error })
  .max(KEY_LENGTH_MAX, { error })
  .regex(/^[\x21-\x7e]+$/, { error });

/** The request's `Idempotency-Key`, or null without one. Throws a Problem for one that cannot be kept. */
export function readIdempotencyKey(request: Request): string | null {
  const key = request.get('idempotency-key');
  if (key === undefined) return null;
  if (!IdempotencyKey.safeParse(key).success) {
    throw new Problem('invalid_request', `Idempotency-Key ${error}`);
  }
  return key;
}

/** The caller's key with what was asked for under it. Live and test keys do not see each other's. */
export function keyRef({ tenantId, mode }: Caller, key: string, request: object): IdempotencyRef {
  return { tenantId, key: `${mode} ${key}`, requestHash: hashRequest(request) };
}

/** The refusal of a key under which something else was asked for before. */
export function keyUsedForAnother(): Problem {
  return new Problem(
    'idempotency_conflict',
    'this Idempotency-Key was used for a request with another content',
  );
}

/** The refusal of a request whose key another one holds at this moment. */
export function keyInProgress(): Problem {
  return new Problem('idempotency_in_progress', 'a request with this Idempotency-Key is being worked on', {
    retryAfterSeconds: 1,
  });
}
