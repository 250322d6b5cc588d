import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readQuery } from '../problems/read-query.ts';
import { ReportQuery, readReport } from './month-report.ts';

export type ReportRoutesDeps = { prisma: PrismaClient; clock: Clock; authenticate: Authenticate };

/** Monthly reports of the caller. */
export function reportRoutes({ prisma, clock, authenticate }: ReportRoutesDeps): Router {
  const router = Router();

  router.get('/v1/billing/reports', async (request, response) => {
    const caller = await authenticate(request, 'billing:read');
    const { month } = readQuery(ReportQuery, request.query);
    const now = clock.now();
    response.json(await withTenant(prisma, caller.tenantId, (db) => readReport(db, caller, month, now)));
  });

  return router;
}
