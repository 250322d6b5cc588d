import { Currency } from '@tollgate/shared/money/money.ts';
import { addPlanPrice } from '@tollgate/shared/pricing/change-plan-prices.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { amountOfPrice, validity } from '../prices/price-request.ts';
import { readValidity } from '../prices/read-validity.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { isStorable, storableText } from '../problems/storable-text.ts';
import { viewPlan, viewPlanPrice } from './plan-view.ts';

export type PlansRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

export const NewPlanRequest = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9_-]{0,49}$/, { error: 'must be lower-case letters, digits, _ and -' })
      .meta({ example: 'team' }),
    name: storableText(100),
    includesSms: z.boolean(),
  })
  .meta({ id: 'NewPlanRequest' });

export const PlanPriceRequest = z
  .strictObject({
    currency: Currency.meta({ example: 'CZK' }),
    interval: z.enum(['monthly', 'yearly']),
    amount: amountOfPrice,
    ...validity,
  })
  .meta({ id: 'PlanPriceRequest' });

const pricesOfPlan = {
  prices: {
    orderBy: [{ currency: 'asc' as const }, { interval: 'asc' as const }, { validFrom: 'asc' as const }],
  },
};

/** Plans and what they cost, for operators. */
export function plansRoutes(deps: PlansRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/plans', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const plans = await prisma.plan.findMany({ include: pricesOfPlan, orderBy: { createdAt: 'asc' } });
    response.json({ plans: plans.map((plan) => viewPlan(plan, clock.now())) });
  });

  router.post('/v1/admin/plans', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const plan = readBody(NewPlanRequest, request.body);
    const data = { ...plan, createdAt: clock.now() };
    const { count } = await inTransaction(deps, ({ db }) =>
      db.plan.createMany({ data: [data], skipDuplicates: true }),
    );
    if (count === 0) throw new Problem('conflict', `there is a plan ${plan.id} already`);
    logger.info({ operator: email, plan: plan.id }, 'plan added by an operator');
    response.status(201).json({ ...plan, prices: [] });
  });

  router.post('/v1/admin/plans/:id/prices', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const wish = readBody(PlanPriceRequest, request.body);
    const { id: planId } = request.params;
    if (!isStorable(planId) || !(await prisma.plan.findUnique({ where: { id: planId } }))) {
      throw new Problem('not_found', `there is no plan ${planId}`);
    }
    const { currency, interval, amount: amountMicros } = wish;
    const span = readValidity(wish, clock.now());
    const price = { planId, currency, interval, amountMicros, createdBy: email, ...span };
    const result = await inTransaction(deps, ({ db }) => addPlanPrice(db, price));
    if (result.kind === 'overlaps') {
      const { validFrom } = result.with;
      const detail = `another ${interval} price in ${currency} begins at ${validFrom.toISOString()}: end this one there`;
      throw new Problem('conflict', detail);
    }
    const view = viewPlanPrice(result.price);
    logger.info({ operator: email, plan: planId, ...view }, 'plan price added by an operator');
    response.status(201).json(view);
  });

  return router;
}
