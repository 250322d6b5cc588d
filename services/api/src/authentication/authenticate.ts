import { createCoalescer } from '@tollgate/shared/runtime/coalesce.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { isDataError } from '@tollgate/shared/runtime/failure.ts';
import { type ApiScope, type Caller, findCallers } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { Request } from 'express';
import { Problem } from '../problems/problem.ts';
import type { LimitRequests } from '../rate-limit/limit-requests.ts';

/** Tells who is calling; throws a Problem without a valid key, over the limit, or without the scope. */
export type Authenticate = (request: Request, scope: ApiScope) => Promise<Caller>;

export type AuthenticateDeps = {
  db: Db;
  clock: Clock;
  limitRequests: LimitRequests;
  /** Told of each request that is let through. */
  countRequest?: ((caller: Caller) => void) | undefined;
};

/**
 * Authentication by `Authorization: Bearer tg_…`. Keys of requests that come together are looked up
 * together. Only keys that are valid are counted against the limit: made-up ones would only fill it.
 */
export function createAuthenticate({
  db,
  clock,
  limitRequests,
  countRequest,
}: AuthenticateDeps): Authenticate {
  const findCaller = createCoalescer<string, Caller | null>({
    itemsMax: 100,
    delayMsMax: 1,
    runsMax: 2,
    isDataError,
    run: (keys) => findCallers(db, keys, clock.now()),
  });
  return async (request, scope) => {
    const key = readApiKey(request);
    const caller = key === null ? null : await findCaller(key);
    if (!caller || caller.tenantStatus === 'deleted') {
      throw new Problem('unauthenticated', 'send "Authorization: Bearer <API key>" with a key that is valid');
    }
    await limitRequests(request, caller.apiKeyId);
    if (!caller.scopes.includes(scope))
      throw new Problem('forbidden', `this API key lacks the scope ${scope}`);
    countRequest?.(caller);
    return caller;
  };
}

/** The API key that the request carries, or null for anything that cannot be one. */
export function readApiKey(request: Request): string | null {
  return /^Bearer (tg_(?:live|test)_[\w-]{32})$/.exec(request.get('authorization') ?? '')?.[1] ?? null;
}
