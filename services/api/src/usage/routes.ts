import { pipeline } from 'node:stream/promises';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { readQuery } from '../problems/read-query.ts';
import { isStorable } from '../problems/storable-text.ts';
import { EventExportQuery, eventExportFormats, exportEvents } from './events/export-events.ts';
import { listEvents, UsageEventsQuery } from './events/list-events.ts';
import { MeterUsageQuery, readMeterUsage } from './meter-usage.ts';
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

  router.get('/v1/billing/usage/events', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    response.json(await listEvents(prisma, tenantId, readQuery(UsageEventsQuery, request.query)));
  });

  router.get('/v1/billing/usage/events/export', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    const query = readQuery(EventExportQuery, request.query);
    const pieces = exportEvents(prisma, tenantId, query);
    // The first piece before the headers: what is wrong with the query can still be answered as a problem.
    const first = await pieces.next();
    response.attachment(`usage.${query.format}`).set('Content-Type', eventExportFormats[query.format].type);
    await pipeline(async function* () {
      if (!first.done) yield first.value;
      yield* pieces;
    }, response).catch((error: unknown) => {
      // Who went away in the middle is told nothing more; any other end is ours to know.
      if (!response.closed || !isAborted(error)) throw error;
    });
  });

  router.get('/v1/billing/usage/:meter', async (request, response) => {
    const caller = await authenticate(request, 'billing:read');
    const query = readQuery(MeterUsageQuery, request.query);
    const { meter } = request.params;
    const usage =
      isStorable(meter) &&
      (await withTenant(prisma, caller.tenantId, (db) =>
        readMeterUsage(db, caller, meter, query, clock.now()),
      ));
    if (!usage) throw new Problem('not_found', `there is no meter ${meter}`);
    response.json(usage);
  });

  return router;
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
