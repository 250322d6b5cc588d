import { readAccount } from '@tollgate/shared/credit/accounts.ts';
import type { Tenant } from '@tollgate/shared/generated/prisma/client.ts';
import { newId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { backfillHistory } from '@tollgate/shared/tenants/backfill-history.ts';
import { changeSmsSettings, createTenant } from '@tollgate/shared/tenants/create-tenant.ts';
import type { DataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { deleteTenant } from '@tollgate/shared/tenants/delete-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { NoBody, readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { HistoryQuery, listHistory } from './list-history.ts';
import { listTenants, TenantsQuery } from './list-tenants.ts';
import { requireTenant } from './require-tenant.ts';
import { resumeByOperator, suspendByOperator } from './suspend-by-operator.ts';
import { OptionalReasonRequest, ReasonRequest, TenantRequest } from './tenant-request.ts';
import { type TenantView, type TenantWithHistory, viewTenant } from './tenant-view.ts';

export type TenantRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  dataKeys: DataKeys;
  authenticateOperator: AuthenticateOperator;
};

/** How many lines of its history come with a tenant. */
const HISTORY_SHOWN = 20;

/** The life of tenants, for operators. */
export function tenantRoutes(deps: TenantRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/tenants', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listTenants(prisma, readQuery(TenantsQuery, request.query)));
  });

  router.post('/v1/admin/tenants', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const tenant = await create(deps, readBody(TenantRequest, request.body), email);
    logger.info({ operator: email, tenantId: tenant.id }, 'tenant created by an operator');
    response.status(201).location(`/v1/admin/tenants/${tenant.id}`).json(tenant);
  });

  router.get('/v1/admin/tenants/:id', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    response.json(await describe(prisma, await requireTenant(prisma, request.params.id)));
  });

  router.get('/v1/admin/tenants/:id/history', async (request, response) => {
    await authenticateOperator(request, 'read');
    const query = readQuery(HistoryQuery, request.query);
    const { id } = await requireTenant(prisma, request.params.id);
    response.json(await listHistory(prisma, id, query));
  });

  router.post('/v1/admin/tenants/:id/suspend', async (request, response) => {
    const { email: actor } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { reason: note } = readBody(ReasonRequest, request.body);
    const tenant = await requireTenant(prisma, request.params.id);
    refuseDeleted(tenant);
    const word = { tenantId: tenant.id, actor, note };
    await inTransaction(deps, (tx) => suspendByOperator(tx, word, clock.now()));
    logger.info({ operator: actor, tenantId: tenant.id, reason: note }, 'tenant suspended by an operator');
    response.json(await view(prisma, request.params.id));
  });

  router.post('/v1/admin/tenants/:id/resume', async (request, response) => {
    const { email: actor } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { reason: note } = readBody(OptionalReasonRequest, request.body);
    const tenant = await requireTenant(prisma, request.params.id);
    refuseDeleted(tenant);
    const word = { tenantId: tenant.id, actor, note };
    await inTransaction(deps, (tx) => resumeByOperator(tx, word, clock.now()));
    logger.info({ operator: actor, tenantId: tenant.id, reason: note }, 'tenant resumed by an operator');
    response.json(await view(prisma, request.params.id));
  });

  router.delete('/v1/admin/tenants/:id', async (request, response) => {
    const { email: actor } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { reason: note } = readBody(ReasonRequest, request.body);
    const tenant = await requireTenant(prisma, request.params.id);
    const deletion = { tenantId: tenant.id, actor, detail: { note } };
    await inTransaction(deps, (tx) => deleteTenant(tx, deletion, clock.now()));
    logger.info({ operator: actor, tenantId: tenant.id, reason: note }, 'tenant deleted by an operator');
    response.json(await view(prisma, request.params.id));
  });

  router.post('/v1/admin/billing/backfill', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    readBody(NoBody, request.body);
    const filled = await inTransaction(deps, ({ db }) => backfillHistory(db, email, clock.now()));
    logger.info({ operator: email, ...filled }, 'history filled in by an operator');
    response.json(filled);
  });

  return router;
}

async function create(
  deps: TenantRoutesDeps,
  { plan, smsEnabled, creditLimit = 0n, email, ...tenant }: TenantRequest,
  actor: string,
): Promise<TenantView> {
  const found = await deps.prisma.plan.findUnique({ where: { id: plan } });
  if (!found) throw invalidRequest([{ pointer: '#/plan', detail: `there is no plan ${plan}` }]);
  if (smsEnabled && !found.includesSms) {
    throw invalidRequest([{ pointer: '#/smsEnabled', detail: `the plan ${plan} does not include SMS` }]);
  }
  const id = newId(deps.clock);
  const createdAt = deps.clock.now();
  await inTransaction(deps, async ({ db }) => {
    await createTenant(db, {
      ...tenant,
      id,
      planId: plan,
      dataKeyWrapped: deps.dataKeys.create(id),
      creditLimitMicros: creditLimit,
      createdAt,
      createdBy: actor,
      billing: { ...(await readDefaults(db)), ...(email !== undefined && { email }) },
    });
    if (smsEnabled) await changeSmsSettings(db, id, { enabled: true }, { actor, at: createdAt });
  });
  return view(deps.prisma, toPublicId('tnt', id));
}

/** What new tenants begin with, where operators have said so. */
async function readDefaults(db: Db) {
  const defaults = await db.billingDefaults.findUnique({ where: { id: 1 } });
  if (!defaults) return {};
  const { cadence, notifications } = defaults;
  return { cadence: cadence as 'daily' | 'weekly' | 'monthly', notifications };
}

async function view(db: Db, publicId: string): Promise<TenantView> {
  const tenant = await requireTenant(db, publicId);
  return viewTenant(tenant, await readAccount(db, { tenantId: tenant.id, currency: tenant.currency }));
}

async function describe(db: Db, tenant: Tenant): Promise<z.infer<typeof TenantWithHistory>> {
  const { id: tenantId, currency } = tenant;
  const settings = await db.smsSettings.findUnique({ where: { tenantId }, select: { enabled: true } });
  const { history } = await listHistory(db, tenantId, { limit: HISTORY_SHOWN });
  return {
    ...viewTenant(tenant, await readAccount(db, { tenantId, currency })),
    smsEnabled: settings?.enabled ?? false,
    history,
  };
}

function refuseDeleted({ status }: Tenant): void {
  if (status === 'deleted') throw new Problem('conflict', 'the tenant is deleted, for good');
}
