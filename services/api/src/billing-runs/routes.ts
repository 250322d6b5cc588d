import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { readQuery } from '../problems/read-query.ts';

const timeline = defineTimeline('billing runs', 'startedAt');

export const BillingRunsQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
});

export const BillingRunsView = z
  .object({
    runs: z.array(
      z.object({
        trigger: z.string().meta({ example: 'daily' }),
        startedAt: z.iso.datetime(),
        durationMs: z.int().nullable().meta({ description: 'Null while it runs, or where it was cut off.' }),
        lookedAt: z.int(),
        billed: z.int(),
        skipped: z.int(),
        failed: z.int(),
      }),
    ),
    ...pageEnd,
  })
  .meta({ id: 'BillingRuns' });

/** Every look at what is due, newest first, for operators. */
export function billingRunRoutes({
  prisma,
  authenticateOperator,
}: {
  prisma: PrismaClient;
  authenticateOperator: AuthenticateOperator;
}): Router {
  const router = Router();

  router.get('/v1/admin/billing/runs', async (request, response) => {
    await authenticateOperator(request, 'read');
    const { limit, cursor: after } = readQuery(BillingRunsQuery, request.query);
    const rows = await prisma.billingRun.findMany({
      where: {
        ...timeline.after(after),
      },
      orderBy: timeline.orderBy,
      take: limit + 1,
    });
    const { page, end } = timeline.cut(rows, limit);
    response.json({
      runs: page.map(({ trigger, startedAt, finishedAt, lookedAt, billed, skipped, failed }) => ({
        trigger,
        startedAt: startedAt.toISOString(),
        durationMs: finishedAt && finishedAt.getTime() - startedAt.getTime(),
        lookedAt,
        billed,
        skipped,
        failed,
      })),
      ...end,
    } satisfies z.infer<typeof BillingRunsView>);
  });

  return router;
}

export const billingRunPaths: ZodOpenApiPathsObject = {
  '/v1/admin/billing/runs': readOperation({
    id: 'listBillingRuns',
    summary: 'Every look at what is due, newest first',
    query: BillingRunsQuery,
    view: BillingRunsView,
    security: operatorSession,
  }),
};
