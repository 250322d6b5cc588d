import { authenticateOperator } from '@tollgate/shared/operators/operators.ts';
import { closeSession, openSession } from '@tollgate/shared/operators/sessions.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import express, { Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { z } from 'zod';
import { Problem } from '../problems/problem.ts';
import { storableText } from '../problems/storable-text.ts';
import { renderLoginPage } from './login-page.ts';
import { clearSessionCookie, readSessionToken, setSessionCookie } from './operator-session.ts';

export type AdminRoutesDeps = { db: Db; clock: Clock; logger: Logger; secureCookies: boolean };

const LoginForm = z.object({
  email: storableText(200),
  password: z.string().max(200),
  next: z.string().default(''),
});

const FAILED_LOGINS_PER_MINUTE = 10;

/** Logging in and out for operators. */
export function adminRoutes({ db, clock, logger, secureCookies }: AdminRoutesDeps): Router {
  const router = Router();

  router.get('/admin', (_request, response) => response.redirect(303, '/admin/queues'));

  router.get('/admin/login', (request, response) => {
    response.send(renderLoginPage({ next: String(request.query.next ?? ''), failed: false }));
  });

  router.post(
    '/admin/login',
    rateLimit({
      windowMs: MINUTE_MS,
      limit: FAILED_LOGINS_PER_MINUTE,
      skipSuccessfulRequests: true,
      handler: () => {
        throw new Problem(
          'too_many_requests',
          'too many failed logins from this address; try again in a minute',
        );
      },
    }),
    express.urlencoded({ extended: false, limit: '10kb' }),
    async (request, response) => {
      const form = LoginForm.safeParse(request.body).data;
      const next = form?.next ?? '';
      const operator = form && (await authenticateOperator(db, form.email, form.password));
      if (!operator) {
        logger.warn({ ip: request.ip }, 'operator login refused');
        response.status(401).send(renderLoginPage({ next, failed: true }));
        return;
      }
      logger.info({ operator: operator.email }, 'operator logged in');
      setSessionCookie(response, await openSession(db, operator.id, clock.now()), secureCookies);
      response.redirect(303, isOwnPage(next) ? next : '/admin/queues');
    },
  );

  router.post('/admin/logout', async (request, response) => {
    const token = readSessionToken(request);
    if (token !== null) await closeSession(db, token);
    clearSessionCookie(response, secureCookies);
    response.redirect(303, '/admin/login');
  });

  return router;
}

/** Whether `next` stays on our operator pages: a login must not lead to somebody else's site. */
function isOwnPage(next: string): boolean {
  return /^\/admin\/[\w/?&=.-]*$/.test(next);
}
