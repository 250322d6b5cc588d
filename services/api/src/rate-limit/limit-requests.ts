import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { Request } from 'express';
import { rateLimit } from 'express-rate-limit';
import { Problem } from '../problems/problem.ts';

export type RateLimit = { requests: number; seconds: number };

/** Counts a request of a key, once, and sets the answer's headers; throws a Problem for one over the limit. */
export type LimitRequests = (request: Request, apiKeyId: string) => Promise<void>;

/**
 * At most so many requests of an API key in a span of time, told in the headers `RateLimit` and
 * `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-08). Counted in memory by each process: with
 * three of them a key may do three times as much. It keeps a runaway loop off, it is no quota.
 */
export function createRequestLimit({ requests, seconds }: RateLimit): LimitRequests {
  const apiKeys = new WeakMap<Request, string>();
  const middleware = rateLimit({
    windowMs: seconds * SECOND_MS,
    limit: requests,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'api-key',
    keyGenerator: (request) => apiKeys.get(request) ?? '',
    handler: (_request, _response, next) => {
      next(new Problem('too_many_requests', `more than ${requests} requests in ${seconds} seconds`));
    },
  });
  return (request, apiKeyId) =>
    new Promise((resolve, reject) => {
      if (apiKeys.has(request)) return resolve();
      if (!request.res) return reject(new TypeError('a request without an answer cannot be limited'));
      apiKeys.set(request, apiKeyId);
      void middleware(request, request.res, (error?: unknown) => (error ? reject(error) : resolve()));
    });
}
