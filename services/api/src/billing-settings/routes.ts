import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { requireTenant } from '../tenants/require-tenant.ts';
import { changeBillingDefaults } from './change-defaults.ts';
import { changeBillingSettings } from './change-settings.ts';
import { BillingDefaultsRequest } from './defaults-request.ts';
import { viewBillingDefaults } from './defaults-view.ts';
import { BillingSettingsRequest } from './settings-request.ts';
import { type BillingSettingsView, viewBillingSettings } from './settings-view.ts';

export type BillingSettingsRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticate: Authenticate;
  authenticateOperator: AuthenticateOperator;
};

/** How tenants are billed, for operators and, to read, for the tenant itself. */
export function billingSettingsRoutes(deps: BillingSettingsRoutesDeps): Router {
  const { prisma, clock, logger, authenticate, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/billing/settings', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    response.json(await withTenant(prisma, tenantId, (db) => findSettings(db, tenantId)));
  });

  router.get('/v1/admin/tenants/:id/billing-settings', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const { id } = await requireTenant(prisma, request.params.id);
    response.json(await findSettings(prisma, id));
  });

  router.post('/v1/admin/tenants/:id/billing-settings', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const change = readBody(BillingSettingsRequest, request.body);
    const tenant = await requireTenant(prisma, request.params.id);
    await inTransaction(deps, ({ db }) => changeBillingSettings(db, tenant, change));
    logger.info(
      { operator: email, tenantId: tenant.id, fields: Object.keys(change) },
      'billing settings changed by an operator',
    );
    response.json(await findSettings(prisma, tenant.id));
  });

  router.get('/v1/admin/billing/settings', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    response.json(viewBillingDefaults(await prisma.billingDefaults.findUnique({ where: { id: 1 } })));
  });

  router.post('/v1/admin/billing/settings', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const change = readBody(BillingDefaultsRequest, request.body);
    const changed = await inTransaction(deps, ({ db }) =>
      changeBillingDefaults(db, change, { by, at: clock.now() }),
    );
    logger.info({ operator: by, fields: Object.keys(change) }, 'billing defaults changed by an operator');
    response.json(viewBillingDefaults(changed));
  });

  return router;
}

async function findSettings(db: Db, tenantId: string): Promise<BillingSettingsView> {
  const settings = await db.billingSettings.findUniqueOrThrow({ where: { tenantId } });
  const open = await db.billingPeriod.findFirst({ where: { tenantId, closedAt: null } });
  return viewBillingSettings(settings, open?.endsAt ?? null);
}
