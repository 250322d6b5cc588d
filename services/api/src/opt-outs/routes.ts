import { removeOptOut, storeOptOuts } from '@tollgate/shared/opt-outs/opt-outs.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { listOptOuts, OptOutsQuery } from './list-opt-outs.ts';
import { Numbers, readNumberInPath, readNumbers } from './numbers-request.ts';

export type OptOutRoutesDeps = TransactionDeps & { clock: Clock; authenticate: Authenticate };

export const OptOutsRequest = z.strictObject({ recipients: Numbers }).meta({ id: 'OptOutsRequest' });

export const OptOutsAdded = z
  .object({
    added: z.number().int(),
    alreadyThere: z.number().int().meta({ description: 'Of the numbers given, each counted once.' }),
  })
  .meta({ id: 'OptOutsAdded' });

/** Recipients who want no more messages from the tenant. */
export function optOutRoutes(deps: OptOutRoutesDeps): Router {
  const { prisma, clock, authenticate } = deps;
  const router = Router();

  router.get('/v1/sms/opt-outs', async (request, response) => {
    const { tenantId } = await authenticate(request, 'sms:read');
    const query = readQuery(OptOutsQuery, request.query);
    response.json(await withTenant(prisma, tenantId, (db) => listOptOuts(db, tenantId, query)));
  });

  router.post('/v1/sms/opt-outs', async (request, response) => {
    const { tenantId, defaultCountry } = await authenticate(request, 'sms:send');
    readQuery(NoQuery, request.query);
    const recipients = readNumbers(readBody(OptOutsRequest, request.body).recipients, defaultCountry);
    const optOuts = recipients.map((recipient) => ({ tenantId, recipient, source: 'tenant' as const }));
    const added = await inTransaction(deps, ({ db }) => storeOptOuts(db, optOuts, clock.now()));
    response.json({ added, alreadyThere: recipients.length - added });
  });

  router.delete('/v1/sms/opt-outs/:recipient', async (request, response) => {
    const { tenantId, defaultCountry } = await authenticate(request, 'sms:settings');
    readQuery(NoQuery, request.query);
    const recipient = readNumberInPath(request.params.recipient, defaultCountry);
    const isRemoved =
      recipient !== null && (await inTransaction(deps, ({ db }) => removeOptOut(db, tenantId, recipient)));
    if (!isRemoved) {
      throw new Problem('not_found', `${request.params.recipient} has not opted out`);
    }
    response.status(204).end();
  });

  return router;
}
