import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { NoBody, readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { cancelBatch } from './cancel-batch.ts';
import { findBatch } from './find-batch.ts';
import { BatchesQuery, listBatches } from './list-batches.ts';
import { BatchItemsQuery, listItems } from './list-items.ts';

export type BatchRoutesDeps = TransactionDeps & { clock: Clock; authenticate: Authenticate };

/** What became of batches, and canceling them. */
export function batchRoutes(deps: BatchRoutesDeps): Router {
  const router = Router();

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

  router.post('/v1/sms/batches/:id/cancel', async (request, response) => {
    const { tenantId } = await deps.authenticate(request, 'sms:send');
    readQuery(NoQuery, request.query);
    readBody(NoBody, request.body);
    const id = await requireBatch(tenantId, request.params.id);
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
