import { fromPublicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { addPrice, removePrice } from '@tollgate/shared/pricing/change-prices.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import type { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { listPriceRows, PricesQuery, viewPrice } from './list-prices.ts';
import { PriceRequest } from './price-request.ts';
import { readValidity } from './read-validity.ts';

export type PriceRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

/** The SMS price list, for operators. */
export function priceRoutes(deps: PriceRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/prices', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listPriceRows(prisma, readQuery(PricesQuery, request.query)));
  });

  router.post('/v1/admin/prices', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const price = await add(deps, readBody(PriceRequest, request.body), email);
    logger.info({ operator: email, ...price }, 'SMS price added by an operator');
    response.status(201).json(price);
  });

  router.delete('/v1/admin/prices/:id', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const id = fromPublicId('prc', request.params.id);
    const known = id && (await prisma.smsPrice.findUnique({ where: { id } }));
    if (!known) throw new Problem('not_found', `there is no price ${request.params.id}`);
    if (!(await inTransaction(deps, ({ db }) => removePrice(db, known.id, clock.now())))) {
      throw new Problem('conflict', 'the price has begun: add another one instead');
    }
    logger.info({ operator: email, price: request.params.id }, 'SMS price removed by an operator');
    response.status(204).end();
  });

  return router;
}

async function add(deps: PriceRoutesDeps, wish: z.infer<typeof PriceRequest>, createdBy: string) {
  const { currency, country, plan: planId, tenantId, per, unitPrice: unitPriceMicros } = wish;
  await checkScope(deps, { planId, tenantId, currency });
  const span = readValidity(wish, deps.clock.now());
  const price = { currency, country, planId, tenantId, per, unitPriceMicros, createdBy, ...span };
  const result = await inTransaction(deps, ({ db }) => addPrice(db, price));
  if (result.kind === 'added') return viewPrice(result.price);
  const { id, validFrom } = result.with;
  throw new Problem(
    'conflict',
    `the price ${toPublicId('prc', id)} of the same scope begins at ${validFrom.toISOString()}: end this one there, or remove that one`,
  );
}

async function checkScope(
  { prisma }: PriceRoutesDeps,
  { planId, tenantId, currency }: { planId: string | null; tenantId: string | null; currency: string },
): Promise<void> {
  if (planId !== null && !(await prisma.plan.findUnique({ where: { id: planId } }))) {
    throw invalidRequest([{ pointer: '#/plan', detail: `there is no plan ${planId}` }]);
  }
  if (tenantId === null) return;
  const tenant = await prisma.tenant.findUnique({ where: { id: tenantId } });
  if (!tenant) throw invalidRequest([{ pointer: '#/tenantId', detail: 'there is no such tenant' }]);
  if (tenant.currency !== currency) {
    throw invalidRequest([{ pointer: '#/currency', detail: `the tenant pays in ${tenant.currency}` }]);
  }
}
