import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { localMonth, localMonthSpan } from '@tollgate/shared/time/local-time.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { readQuery } from '../problems/read-query.ts';
import { BillingStatsView, readBillingStats } from './billing-stats.ts';

export const BillingStatsQuery = z.strictObject({
  month: z
    .string()
    .regex(/^2\d{3}-(0[1-9]|1[0-2])$/, { error: 'must be a month such as 2026-03' })
    .optional()
    .meta({ description: 'Of UTC; the running one when left out.', example: '2026-03' }),
});

/** How billing stands, for operators. */
export function billingStatsRoutes({
  prisma,
  clock,
  authenticateOperator,
}: {
  prisma: PrismaClient;
  clock: Clock;
  authenticateOperator: AuthenticateOperator;
}): Router {
  const router = Router();

  router.get('/v1/admin/billing/stats', async (request, response) => {
    await authenticateOperator(request, 'read');
    const { month = localMonth(clock.now(), 'UTC') } = readQuery(BillingStatsQuery, request.query);
    const span = { month, ...localMonthSpan(month, 'UTC') };
    response.json(await readBillingStats(prisma, span, (id) => toPublicId('tnt', id)));
  });

  return router;
}

export const billingStatsPaths: ZodOpenApiPathsObject = {
  '/v1/admin/billing/stats': readOperation({
    id: 'getBillingStats',
    summary: 'How billing of a month stands',
    query: BillingStatsQuery,
    view: BillingStatsView,
    security: operatorSession,
  }),
};
