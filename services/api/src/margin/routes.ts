import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { addLocalDays, localMonth, localMonthSpan } from '@tollgate/shared/time/local-time.ts';
import { Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { addUpMargin } from './add-up-margin.ts';
import { findOperatorMessage } from './find-operator-message.ts';
import { MarginQuery, viewMargins } from './margin-view.ts';
import { type MarginGroup, type MarginSpan, sumMargin } from './sum-margin.ts';

export type MarginRoutesDeps = {
  prisma: PrismaClient;
  clock: Clock;
  authenticateOperator: AuthenticateOperator;
};

/** What messages bring and cost, for operators. */
export function marginRoutes({ prisma, clock, authenticateOperator }: MarginRoutesDeps): Router {
  const router = Router();

  router.get('/v1/admin/margin', async (request, response) => {
    await authenticateOperator(request, 'read');
    const { month, group } = readQuery(MarginQuery, request.query);
    const span = spanOf(group, month, clock.now());
    const rows = viewMargins(group, addUpMargin(await sumMargin(prisma, group, span)));
    const { startsAt, endsAt } = span;
    response.json({ group, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString(), rows });
  });

  router.get('/v1/admin/messages/:id', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const message = await findOperatorMessage(prisma, request.params.id);
    if (!message) throw new Problem('not_found', `there is no message ${request.params.id}`);
    response.json(message);
  });

  return router;
}

/** A month in UTC; by month, without one, the year that ends with the current one. */
function spanOf(group: MarginGroup, month: string | undefined, now: Date): MarginSpan {
  const last = month ?? localMonth(now, 'UTC');
  const span = localMonthSpan(last, 'UTC');
  if (group !== 'month' || month !== undefined) return span;
  // Ten months and some days back from the first of the month lies in the month eleven before it.
  const first = addLocalDays(`${last}-01`, -320).slice(0, 7);
  return { startsAt: localMonthSpan(first, 'UTC').startsAt, endsAt: span.endsAt };
}
