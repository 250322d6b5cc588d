import { lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { changeSettings } from '@tollgate/shared/guards/change-settings.ts';
import type { LimitUnit } from '@tollgate/shared/guards/guard-rules.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Caller } from '@tollgate/shared/tenants/api-keys.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { findSettings } from './find-settings.ts';
import { readChange } from './read-change.ts';
import { SettingsRequest } from './settings-request.ts';

export type SmsSettingsRoutesDeps = TransactionDeps & { clock: Clock; authenticate: Authenticate };

/** What a tenant may send and to whom: reading and changing it. */
export function smsSettingsRoutes(deps: SmsSettingsRoutesDeps): Router {
  const { prisma, clock, authenticate } = deps;
  const router = Router();

  const answer = (caller: Caller) =>
    withTenant(prisma, caller.tenantId, (db) => findSettings(db, caller, clock.now()));

  router.get('/v1/sms/settings', async (request, response) => {
    const caller = await authenticate(request, 'sms:read');
    readQuery(NoQuery, request.query);
    response.json(await answer(caller));
  });

  router.post('/v1/sms/settings', async (request, response) => {
    const caller = await authenticate(request, 'sms:settings');
    readQuery(NoQuery, request.query);
    await change(deps, caller, readBody(SettingsRequest, request.body));
    response.json(await answer(caller));
  });

  return router;
}

async function change(deps: SmsSettingsRoutesDeps, caller: Caller, request: SettingsRequest): Promise<void> {
  const { tenantId, currency, planId, planIncludesSms, apiKeyId } = caller;
  if (request.enabled && !planIncludesSms) {
    const detail = `the plan ${planId} does not include SMS`;
    throw new Problem('sms_disabled', detail, { errors: [{ pointer: '#/enabled', detail }] });
  }
  await inTransaction(deps, async ({ db }) => {
    // Also what is read here: another change may be on its way.
    await lockAccounts(db, [{ tenantId, currency }]);
    const standing = await db.smsSettings.findUniqueOrThrow({ where: { tenantId } });
    const columns = {
      minuteLimit: standing.minuteLimit,
      dailyLimit: standing.dayLimit,
      monthlyLimit: standing.monthLimit,
      recipientDailyLimit: standing.recipientDayLimit,
    };
    const wished = readChange(request, {
      unit: standing.limitUnit as LimitUnit,
      hasLimits: (field) => columns[field] !== null,
      hasCountryLimits: Object.keys(standing.countryDayLimits as object).length > 0,
    });
    if (Object.keys(wished).length === 0) return;
    const changedBy = toPublicId('key', apiKeyId);
    await changeSettings(
      db,
      { tenantId, currency, change: wished, given: request, changedBy },
      deps.clock.now(),
    );
  });
}
