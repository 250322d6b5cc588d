import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import { requestResume, suspendTenant } from '@tollgate/shared/tenants/suspend-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readCurrentPrices } from '../prices/current-prices.ts';
import { NoBody, readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { ResumeRequest, readAccountView } from './account-view.ts';
import { AlertSettingsRequest, changeAlertSettings, readAlerts } from './alert-settings.ts';

export type AccountRoutesDeps = TransactionDeps & { clock: Clock; authenticate: Authenticate };

/** The caller's own account: how it stands, pausing it, what it pays, and when it is warned. */
export function accountRoutes(deps: AccountRoutesDeps): Router {
  const { prisma, clock, authenticate } = deps;
  const router = Router();

  router.get('/v1/account', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    response.json(await withTenant(prisma, tenantId, (db) => readAccountView(db, tenantId)));
  });

  router.post('/v1/account/pause', async (request, response) => {
    const { tenantId, apiKeyId } = await authenticate(request, 'sms:settings');
    readQuery(NoQuery, request.query);
    readBody(NoBody, request.body);
    const actor = toPublicId('key', apiKeyId);
    await inTransaction(deps, (tx) => suspendTenant(tx, { tenantId, reason: 'tenant', actor }, clock.now()));
    response.json(await withTenant(prisma, tenantId, (db) => readAccountView(db, tenantId)));
  });

  router.post('/v1/account/resume-request', async (request, response) => {
    const { tenantId, apiKeyId, tenantStatus } = await authenticate(request, 'sms:settings');
    readQuery(NoQuery, request.query);
    const { message = null } = readBody(ResumeRequest, request.body);
    const actor = toPublicId('key', apiKeyId);
    if (tenantStatus === 'suspended') {
      await inTransaction(deps, (tx) => requestResume(tx, { tenantId, actor, message }, clock.now()));
    }
    response.json(await withTenant(prisma, tenantId, (db) => readAccountView(db, tenantId)));
  });

  router.get('/v1/billing/prices', async (request, response) => {
    const caller = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    const at = clock.now();
    response.json(await withTenant(prisma, caller.tenantId, (db) => readCurrentPrices(db, caller, at)));
  });

  router.get('/v1/billing/alerts', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    response.json(await withTenant(prisma, tenantId, (db) => readAlerts(db, tenantId)));
  });

  router.post('/v1/billing/alerts', async (request, response) => {
    const { tenantId, currency } = await authenticate(request, 'sms:settings');
    readQuery(NoQuery, request.query);
    const change = readBody(AlertSettingsRequest, request.body);
    await inTransaction(deps, async ({ db }) => {
      await lockAccounts(db, [{ tenantId, currency }]);
      await changeAlertSettings(db, tenantId, change, clock.now());
    });
    response.json(await withTenant(prisma, tenantId, (db) => readAlerts(db, tenantId)));
  });

  return router;
}
