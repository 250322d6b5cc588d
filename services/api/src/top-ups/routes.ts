import { publicId } from '@tollgate/shared/ids/ids.ts';
import { advanceTopUp } from '@tollgate/shared/queues/catalog.ts';
import type { TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import { readTopUp } from '@tollgate/shared/stripe/top-ups.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { type RequestHandler, Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readIdempotencyKey } from '../idempotency/idempotency-key.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { AutomaticTopUpRequest, changeAutomaticTopUp, readAutomaticTopUp } from './automatic-top-up.ts';
import { createTopUp, TopUpRequest } from './create-top-up.ts';
import { listTopUps, TopUpsQuery } from './list-top-ups.ts';
import { type Payments, requirePayments } from './payments.ts';
import { viewTopUp } from './top-up-view.ts';

export type TopUpRoutesDeps = TransactionDeps & {
  clock: Clock;
  authenticate: Authenticate;
  publicUrl: string;
  payments?: Payments | undefined;
};

/** Buying credit: by Stripe's page, and by itself. */
export function topUpRoutes(deps: TopUpRoutesDeps): Router {
  const { prisma, authenticate } = deps;
  const router = Router();

  const buy: RequestHandler = async (request, response) => {
    const caller = await authenticate(request, 'billing:write');
    readQuery(NoQuery, request.query);
    const wish = readBody(TopUpRequest, request.body);
    const idempotencyKey = readIdempotencyKey(request);
    const payments = requirePayments(deps.payments, caller);
    const { topUp, isReplayed } = await createTopUp(deps, payments, {
      caller,
      request: wish,
      idempotencyKey,
    });
    if (isReplayed) response.set('Idempotent-Replayed', 'true');
    const view = viewTopUp(topUp);
    response.set('Location', `/v1/billing/top-ups/${view.id}`);
    // 202: stored, and its page is opened as soon as Stripe answers.
    response.status(topUp.sessionId === null && topUp.state === 'created' ? 202 : 201).json(view);
  };
  router.post('/v1/billing/top-ups', buy);
  router.post('/v1/billing/add-funds', buy);

  router.get('/v1/billing/top-ups', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    const query = readQuery(TopUpsQuery, request.query);
    response.json(await withTenant(prisma, tenantId, (db) => listTopUps(db, tenantId, query)));
  });

  router.get('/v1/billing/top-ups/:id', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    const id = publicId('top').safeParse(request.params.id).data;
    const topUp = id && (await withTenant(prisma, tenantId, (db) => readTopUp(db, id)));
    if (!topUp) throw new Problem('not_found', `there is no top-up ${request.params.id}`);
    // Whoever waits for it looks: then Stripe is asked at once, by the one way to credit.
    if (topUp.state === 'created' || topUp.state === 'pending')
      await deps.producer.enqueue(
        advanceTopUp,
        { topUpId: topUp.id },
        { deduplicationId: `top-up ${topUp.id}` },
      );
    response.json(viewTopUp(topUp));
  });

  router.get('/v1/billing/automatic-top-up', async (request, response) => {
    const caller = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    response.json(await withTenant(prisma, caller.tenantId, (db) => readAutomaticTopUp(db, caller)));
  });

  router.post('/v1/billing/automatic-top-up', async (request, response) => {
    const caller = await authenticate(request, 'billing:write');
    readQuery(NoQuery, request.query);
    const change = readBody(AutomaticTopUpRequest, request.body);
    if (change.enabled) requirePayments(deps.payments, caller);
    await changeAutomaticTopUp(deps, caller, change);
    response.json(await withTenant(prisma, caller.tenantId, (db) => readAutomaticTopUp(db, caller)));
  });

  return router;
}
