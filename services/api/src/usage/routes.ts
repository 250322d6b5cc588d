import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readQuery } from '../problems/read-query.ts';
import { readSmsUsage, SmsUsageQuery } from './sms-usage.ts';
import { readUsageTotals, UsageTotalsQuery } from './usage-totals.ts';

export type UsageRoutesDeps = { prisma: PrismaClient; clock: Clock; authenticate: Authenticate };

/** What the caller used. */
export function usageRoutes({ prisma, clock, authenticate }: UsageRoutesDeps): Router {
  const router = Router();

  router.get('/v1/sms/usage', async (request, response) => {
    const caller = await authenticate(request, 'billing:read');
    const { month } = readQuery(SmsUsageQuery, request.query);
    const now = clock.now();
    response.json(
      await withTenant(prisma, caller.tenantId, (db) => readSmsUsage(db, caller, { month, now })),
    );
  });

  router.get('/v1/billing/usage', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    const query = readQuery(UsageTotalsQuery, request.query);
    const now = clock.now();
    response.json(await withTenant(prisma, tenantId, (db) => readUsageTotals(db, tenantId, query, now)));
  });

  return router;
}
