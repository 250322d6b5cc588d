import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import { collectInvoice } from '@tollgate/shared/queues/catalog.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { type PushResolution, readResolution } from '@tollgate/shared/stripe/push-resolution.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { listPushes, PushesQuery } from './list-pushes.ts';
import { viewPush } from './push-view.ts';
import { ResolveRequest } from './resolve-request.ts';

export type PushRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

const decidable = new Set(['rejected', 'needs_human', 'deferred']);

/** What was pushed to Stripe and stopped, for the person who decides about it. */
export function stripePushRoutes({ clock, logger, authenticateOperator, ...deps }: PushRoutesDeps): Router {
  const { prisma } = deps;
  const router = Router();

  router.get('/v1/admin/stripe/pushes', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listPushes(prisma, readQuery(PushesQuery, request.query)));
  });

  router.get('/v1/admin/stripe/pushes/:id', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    response.json(viewPush(await find(request.params.id)));
  });

  // Only the wish is written: the invoicer, which speaks to Stripe, carries it out and notes what came of it.
  router.post('/v1/admin/stripe/pushes/:id/resolve', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    const wish = readBody(ResolveRequest, request.body);
    const push = await find(request.params.id);
    if (wish.action !== 'look_up' && !decidable.has(push.state))
      throw new Problem('conflict', `the push is ${push.state}: there is nothing to decide`);
    if (readResolution(push.resolution)?.doneAt === null)
      throw new Problem('conflict', 'an earlier decision about the push is still being carried out');
    const now = clock.now();
    const resolution: PushResolution = {
      action: wish.action,
      stripeId: wish.action === 'adopt' ? wish.stripeId : null,
      reason: wish.action === 'look_up' ? null : (wish.reason ?? null),
      by,
      at: now.toISOString(),
      doneAt: null,
      outcome: null,
    };
    const { invoiceId } = push;
    await inTransaction(deps, async (tx) => {
      await tx.db.stripePush.update({ where: { id: push.id }, data: { resolution } });
      // The sweep carries it out where the job is lost.
      await tx.db.invoice.update({ where: { id: invoiceId }, data: { wakeAt: now, wakeCount: 0 } });
      tx.enqueue(collectInvoice, { invoiceId });
    });
    logger.info({ pushId: push.id, operator: by, action: wish.action }, 'decision about a push');
    response.json(viewPush(await find(request.params.id)));
  });

  async function find(publicId: string) {
    const id = fromPublicId('psh', publicId);
    const push = id && (await prisma.stripePush.findUnique({ where: { id } }));
    if (!push) throw new Problem('not_found', `there is no push ${publicId}`);
    return push;
  }

  return router;
}
