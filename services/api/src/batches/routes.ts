import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import { currentTraceParent } from '@tollgate/shared/runtime/trace.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import express, { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readIdempotencyKey } from '../idempotency/idempotency-key.ts';
import { warnOfUnpaid } from '../messages/check-sending-allowed.ts';
import type { SubmitDeps } from '../messages/submit-messages.ts';
import { Problem } from '../problems/problem.ts';
import { NoBody, readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { requireJson } from '../problems/require-json.ts';
import { BatchEnvelope } from './batch-request.ts';
import { cancelBatch } from './cancel-batch.ts';
import { findBatch } from './find-batch.ts';
import { BatchesQuery, listBatches } from './list-batches.ts';
import { BatchItemsQuery, listItems } from './list-items.ts';
import { submitBatch } from './submit-batch.ts';

export type BatchRoutesDeps = SubmitDeps & { authenticate: Authenticate };

/** 10,000 recipients take 1 MB with a few values each, and 11 MB with a text of 1,000 letters each. */
const BODY_LIMIT = '16mb';

/** Sending to many at once. Stands before what reads other bodies, because it takes larger ones. */
export function batchRoutes(deps: BatchRoutesDeps): Router {
  const router = Router();

  router.post(
    '/v1/sms/batch',
    // Only callers with a key make the api read that much.
    async (request, response, next) => {
      response.locals.caller = await deps.authenticate(request, 'sms:send');
      next();
    },
    requireJson,
    express.json({ limit: BODY_LIMIT }),
    async (request, response) => {
      readQuery(NoQuery, request.query);
      const { kind, answer } = await submitBatch(deps, {
        caller: response.locals.caller,
        request: readBody(BatchEnvelope, request.body),
        idempotencyKey: readIdempotencyKey(request),
        traceParent: currentTraceParent() ?? null,
      });
      warnOfUnpaid(response.locals.caller, deps.clock.now(), response);
      if (kind === 'replayed') response.set('Idempotent-Replayed', 'true');
      response.status(202).location(answer.links.self).json(answer);
    },
  );

  router.get('/v1/sms/batches', async (request, response) => {
    const { tenantId } = await deps.authenticate(request, 'sms:read');
    const query = readQuery(BatchesQuery, request.query);
    response.json(await withTenant(deps.prisma, tenantId, (db) => listBatches(db, tenantId, query)));
  });

  router.get('/v1/sms/batches/:id', async (request, response) => {
    const { tenantId } = await deps.authenticate(request, 'sms:read');
    readQuery(NoQuery, request.query);
    const id = await requireBatch(tenantId, request.params.id);
    response.json(await withTenant(deps.prisma, tenantId, (db) => findBatch(db, id)));
  });

  router.get('/v1/sms/batches/:id/items', async (request, response) => {
    const { tenantId } = await deps.authenticate(request, 'sms:read');
    const query = readQuery(BatchItemsQuery, request.query);
    const id = await requireBatch(tenantId, request.params.id);
    response.json(await withTenant(deps.prisma, tenantId, (db) => listItems(db, id, query)));
  });

  router.post('/v1/sms/batches/:id/cancel', requireJson, express.json(), async (request, response) => {
    const { tenantId } = await deps.authenticate(request, 'sms:send');
    readQuery(NoQuery, request.query);
    readBody(NoBody, request.body);
    const id = await requireBatch(tenantId, String(request.params.id));
    const counts = await cancelBatch(deps, id);
    const batch = await withTenant(deps.prisma, tenantId, (db) => findBatch(db, id));
    response.json({ ...counts, batch });
  });

  /** The id of one of the tenant's batches. Throws a Problem for any other. */
  async function requireBatch(tenantId: string, publicId: string): Promise<string> {
    const id = fromPublicId('bat', publicId);
    const batch =
      id &&
      (await withTenant(deps.prisma, tenantId, (db) =>
        db.batch.findUnique({ where: { id }, select: { id: true } }),
      ));
    if (!batch) throw new Problem('not_found', `there is no batch ${publicId}`);
    return batch.id;
  }

  return router;
}
