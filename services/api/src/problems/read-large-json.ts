import type { ApiScope } from '@tollgate/shared/tenants/api-keys.ts';
import express, { type RequestHandler } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { checkBody } from './check-body.ts';
import { requireJson } from './require-json.ts';

/**
 * Reads bodies of up to `limit` (such as "16mb"), which only callers with an API key and the scope make
 * the api read. Leaves the caller in `response.locals.caller`.
 */
export function readLargeJson(authenticate: Authenticate, scope: ApiScope, limit: string): RequestHandler[] {
  return [
    async (request, response, next) => {
      response.locals.caller = await authenticate(request, scope);
      next();
    },
    requireJson,
    express.json({ limit, verify: checkBody }),
  ];
}
