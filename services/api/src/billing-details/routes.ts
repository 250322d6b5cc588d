import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { requireTenant } from '../tenants/require-tenant.ts';
import { BillingDetailsRequest } from './details-request.ts';
import { viewBillingDetails } from './details-view.ts';

export type BillingDetailsRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticate: Authenticate;
  authenticateOperator: AuthenticateOperator;
};

export const VatCheckRequest = z
  .strictObject({ valid: z.boolean().meta({ description: 'What a look at the register (VIES) said.' }) })
  .meta({ id: 'VatCheckRequest' });

/** Who a tenant is on its documents: the tenant writes it, operators read it and note what became of its VAT id. */
export function billingDetailsRoutes(deps: BillingDetailsRoutesDeps): Router {
  const { prisma, clock, logger, authenticate, authenticateOperator } = deps;
  const router = Router();
  const find = (db: Db, tenantId: string) => db.billingDetails.findUnique({ where: { tenantId } });

  router.get('/v1/billing/details', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    response.json(viewBillingDetails(await withTenant(prisma, tenantId, (db) => find(db, tenantId))));
  });

  router.post('/v1/billing/details', async (request, response) => {
    const { tenantId, apiKeyId } = await authenticate(request, 'billing:write');
    readQuery(NoQuery, request.query);
    const details = readBody(BillingDetailsRequest, request.body);
    const changed = { ...details, changedAt: clock.now(), changedBy: toPublicId('key', apiKeyId) };
    const row = await inTransaction(deps, async ({ db }) => {
      const standing = await find(db, tenantId);
      // Another VAT id has not been checked, whatever the one before was.
      const unchecked = standing?.vatId === details.vatId ? {} : { vatIdValid: null, vatIdCheckedAt: null };
      return db.billingDetails.upsert({
        where: { tenantId },
        create: { tenantId, ...changed },
        update: { ...changed, ...unchecked },
      });
    });
    response.json(viewBillingDetails(row));
  });

  router.get('/v1/admin/tenants/:id/billing-details', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const { id } = await requireTenant(prisma, request.params.id);
    response.json(viewBillingDetails(await find(prisma, id)));
  });

  router.post('/v1/admin/tenants/:id/vat-check', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { valid } = readBody(VatCheckRequest, request.body);
    const { id: tenantId } = await requireTenant(prisma, request.params.id);
    const { count } = await inTransaction(deps, ({ db }) =>
      db.billingDetails.updateMany({
        where: { tenantId, vatId: { not: null } },
        data: { vatIdValid: valid, vatIdCheckedAt: clock.now() },
      }),
    );
    if (count === 0) throw new Problem('conflict', 'the tenant has given no VAT id');
    logger.info({ operator: email, tenantId, valid }, 'VAT id checked by an operator');
    response.json(viewBillingDetails(await find(prisma, tenantId)));
  });

  return router;
}
