import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { NoBody, readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { AlertsQuery, listAlerts, viewAlert } from './list-alerts.ts';

export type AlertRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

/** What operators should look at. */
export function alertRoutes(deps: AlertRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/alerts', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listAlerts(prisma, readQuery(AlertsQuery, request.query)));
  });

  router.post('/v1/admin/alerts/:id/close', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    readBody(NoBody, request.body);
    const id = fromPublicId('alr', request.params.id);
    const alert = id && (await prisma.operatorAlert.findUnique({ where: { id } }));
    if (!alert) throw new Problem('not_found', `there is no alert ${request.params.id}`);
    const { count } = await inTransaction(deps, ({ db }) =>
      db.operatorAlert.updateMany({
        where: { id: alert.id, closedAt: null },
        data: { closedAt: clock.now(), closedBy: email },
      }),
    );
    if (count > 0) {
      logger.info(
        { operator: email, kind: alert.kind, subject: alert.subject },
        'alert closed by an operator',
      );
    }
    response.json(viewAlert(await prisma.operatorAlert.findUniqueOrThrow({ where: { id: alert.id } })));
  });

  return router;
}
