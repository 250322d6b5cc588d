import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { fromPublicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { MessageState } from '@tollgate/shared/messages/states.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { buildSteps } from './build-steps.ts';
import { decideComplete } from './decide-complete.ts';
import { readTrace, type TraceRows } from './read-trace.ts';
import { arrows, type TraceView } from './trace-view.ts';

/** Following one message from its request to its payment. */
export function traceRoutes({
  prisma,
  authenticate,
}: {
  prisma: PrismaClient;
  authenticate: Authenticate;
}): Router {
  const router = Router();

  router.get('/v1/sms/messages/:id/trace', async (request, response) => {
    const { tenantId } = await authenticate(request, 'sms:read');
    readQuery(NoQuery, request.query);
    const messageId = fromPublicId('msg', request.params.id);
    const rows =
      messageId && (await withTenant(prisma, tenantId, (db) => readTrace(db, tenantId, messageId)));
    if (!rows) throw new Problem('not_found', `there is no message ${request.params.id}`);
    response.json(viewTrace(rows));
  });

  return router;
}

function viewTrace(rows: TraceRows): TraceView {
  const { message, reservation, entries, usage } = rows;
  const steps = buildSteps(rows);
  const made = new Set(steps.map(({ step }) => step));
  return {
    messageId: toPublicId('msg', message.id),
    state: message.state,
    reached: arrows.findLast((arrow) => made.has(arrow)) ?? 'accepted',
    complete: decideComplete({
      state: message.state as MessageState,
      isAwaited: message.wakeAt !== null,
      hasOpenReservation: reservation?.state === 'open',
      bookedEntries: entries.length,
      usage: usage.map(({ rollup }) => ({ invoice: rollup?.invoice ?? null })),
    }),
    steps,
  };
}
