import { countHeldMessages } from '@tollgate/shared/messages/held-messages.ts';
import { listProviders, resumeProvider } from '@tollgate/shared/messages/provider-status.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { isStorable } from '../problems/storable-text.ts';
import { viewProvider } from './provider-view.ts';

export type ProviderRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

const NoBody = z.strictObject({});

/** Providers for operators: which are blocked and why, and resuming one. */
export function providerRoutes(deps: ProviderRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/providers', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const providers = await listProviders(prisma);
    const heldMessages = await countHeldMessages(prisma, 'provider');
    response.json({ providers: providers.map(viewProvider), heldMessages });
  });

  router.post('/v1/admin/providers/:name/resume', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readBody(NoBody, request.body);
    const { name } = request.params;
    const resumed = { provider: name, at: clock.now(), by: email };
    if (isStorable(name) && (await inTransaction(deps, ({ db }) => resumeProvider(db, resumed)))) {
      logger.info({ provider: name, operator: email }, 'provider resumed by an operator');
    }
    const provider = (await listProviders(prisma)).find((known) => known.provider === name);
    if (!provider) throw new Problem('not_found', `there is no provider ${name}`);
    response.json(viewProvider(provider));
  });

  return router;
}
