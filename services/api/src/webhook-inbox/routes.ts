import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { readQuery } from '../problems/read-query.ts';
import { viewInboxEvent } from './inbox-view.ts';
import { InboxQuery, listInboxEvents } from './list-events.ts';

export type WebhookInboxRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

const NoBody = z.strictObject({});

/** What webhooks brought, and applying one of them again. */
export function webhookInboxRoutes(deps: WebhookInboxRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/webhooks', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listInboxEvents(prisma, readQuery(InboxQuery, request.query)));
  });

  // Applying is safe to repeat: every effect has its own key. The source's own sweep takes the event.
  router.post('/v1/admin/webhooks/:id/apply-again', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readBody(NoBody, request.body);
    const id = fromPublicId('evt', request.params.id);
    const isKnown =
      id !== null &&
      (await inTransaction(deps, async ({ db }) => {
        const data = { appliedAt: null, result: null, wakeAt: clock.now(), wakeCount: 0 };
        return (await db.inboxEvent.updateMany({ where: { id }, data })).count > 0;
      }));
    if (!isKnown) throw new Problem('not_found', `there is no event ${request.params.id}`);
    logger.info({ inboxId: id, operator: email }, 'event is applied again');
    response.json(viewInboxEvent(await prisma.inboxEvent.findUniqueOrThrow({ where: { id } })));
  });

  return router;
}
