import type { Request } from 'express';
import { Problem } from '../problems/problem.ts';

const KEY_LENGTH_MAX = 255;

/** The request's `Idempotency-Key`, or null without one. Throws a Problem for one that cannot be kept. */
export function readIdempotencyKey(request: Request): string | null {
  const key = request.get('idempotency-key');
  if (key === undefined) return null;
  if (key.length === 0 || key.length > KEY_LENGTH_MAX || !/^[\x21-\x7e]+$/.test(key)) {
    throw new Problem(
      'invalid_request',
      `Idempotency-Key must be 1 to ${KEY_LENGTH_MAX} visible ASCII characters`,
    );
  }
  return key;
}
