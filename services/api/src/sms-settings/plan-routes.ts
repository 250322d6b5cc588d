import { changePlan } from '@tollgate/shared/guards/change-settings.ts';
import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { storableText } from '../problems/storable-text.ts';

export type PlanRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

export const PlanRequest = z
  .strictObject({ plan: storableText(50).meta({ example: 'pro' }) })
  .meta({ id: 'PlanRequest' });

export const PlanView = z
  .object({ plan: z.string(), includesSms: z.boolean().meta({ description: 'Without it nothing is sent.' }) })
  .meta({ id: 'TenantPlan' });

/** Putting a tenant on a plan, for operators. */
export function planRoutes(deps: PlanRoutesDeps): Router {
  const router = Router();

  router.post('/v1/admin/tenants/:id/plan', async (request, response) => {
    const { email } = await deps.authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { plan: planId } = readBody(PlanRequest, request.body);
    const tenantId = fromPublicId('tnt', request.params.id);
    const tenant = tenantId && (await deps.prisma.tenant.findUnique({ where: { id: tenantId } }));
    if (!tenant) throw new Problem('not_found', `there is no tenant ${request.params.id}`);
    const change = { tenantId: tenant.id, planId, changedBy: email };
    const changed = await inTransaction(deps, ({ db }) => changePlan(db, change, deps.clock.now()));
    if (!changed) throw invalidRequest([{ pointer: '#/plan', detail: `there is no plan ${planId}` }]);
    deps.logger.info(
      { operator: email, tenantId, plan: planId },
      'tenant put on another plan by an operator',
    );
    response.json({ plan: changed.planId, includesSms: changed.includesSms });
  });

  return router;
}
