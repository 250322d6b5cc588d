import type { Operator } from '@tollgate/shared/operators/operators.ts';
import { findSession, SESSION_LIFETIME_MS } from '@tollgate/shared/operators/sessions.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import type { CookieOptions, Request, RequestHandler, Response } from 'express';

export const SESSION_COOKIE = 'tollgate_operator';

/** Where the cookie is sent: the operators' pages and their part of the API, never with tenants' requests. */
const COOKIE_PATHS = ['/admin', '/v1/admin'];

/** Who is logged in; null without a valid session. */
export function findOperator(
  { db, clock }: { db: Db; clock: Clock },
  request: Request,
): Promise<Operator | null> {
  const token = readSessionToken(request);
  return token === null ? Promise.resolve(null) : findSession(db, token, clock.now());
}

/** Lets operators pass, with the operator in `response.locals.operator`; sends others to the login page. */
export function requireOperator(deps: { db: Db; clock: Clock }): RequestHandler {
  return async (request, response, next) => {
    const operator = await findOperator(deps, request);
    if (!operator)
      return response.redirect(303, `/admin/login?next=${encodeURIComponent(request.originalUrl)}`);
    response.locals.operator = operator;
    next();
  };
}

/** The session token that the browser sent, or null. */
export function readSessionToken(request: Request): string | null {
  const cookies = (request.get('cookie') ?? '').split(/;\s*/);
  const cookie = cookies.find((text) => text.startsWith(`${SESSION_COOKIE}=`));
  return cookie ? cookie.slice(SESSION_COOKIE.length + 1) : null;
}

/** Strict: no other site can make the browser act with the session. */
function cookieOptions(path: string, secure: boolean): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure, path };
}

export function setSessionCookie(response: Response, token: string, secure: boolean): void {
  for (const path of COOKIE_PATHS) {
    response.cookie(SESSION_COOKIE, token, { ...cookieOptions(path, secure), maxAge: SESSION_LIFETIME_MS });
  }
}

export function clearSessionCookie(response: Response, secure: boolean): void {
  for (const path of COOKIE_PATHS) response.clearCookie(SESSION_COOKIE, cookieOptions(path, secure));
}
