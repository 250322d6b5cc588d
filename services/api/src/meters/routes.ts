import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { removeMeterPrice } from '@tollgate/shared/usage/change-meter-prices.ts';
import { Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { type AddMeterPriceDeps, addPriceOfMeter } from './add-meter-price.ts';
import { listMeterPriceRows } from './list-meter-prices.ts';
import { MeterPriceRequest, MeterPricesQuery, MeterRequest, viewMeter } from './meter-views.ts';

export type MeterRoutesDeps = AddMeterPriceDeps & {
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

/** What can be counted, and what a unit of it costs, for operators. */
export function meterRoutes(deps: MeterRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/meters', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const meters = await prisma.meter.findMany({ orderBy: { id: 'asc' } });
    response.json({ meters: meters.map(viewMeter) });
  });

  router.post('/v1/admin/meters', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const meter = readBody(MeterRequest, request.body);
    const data = { ...meter, createdAt: clock.now(), createdBy: email };
    const { count } = await inTransaction(deps, ({ db }) =>
      db.meter.createMany({ data, skipDuplicates: true }),
    );
    if (count === 0) throw new Problem('conflict', `there is a meter ${meter.id} already`);
    logger.info({ operator: email, ...meter }, 'meter added by an operator');
    const row = await prisma.meter.findUniqueOrThrow({ where: { id: meter.id } });
    response.status(201).json(viewMeter(row));
  });

  router.get('/v1/admin/meter-prices', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listMeterPriceRows(prisma, readQuery(MeterPricesQuery, request.query)));
  });

  router.post('/v1/admin/meter-prices', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const price = await addPriceOfMeter(deps, readBody(MeterPriceRequest, request.body), email);
    logger.info({ operator: email, ...price }, 'price of a meter added by an operator');
    response.status(201).json(price);
  });

  router.delete('/v1/admin/meter-prices/:id', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const id = fromPublicId('prc', request.params.id);
    const known = id && (await prisma.meterPrice.findUnique({ where: { id } }));
    if (!known) throw new Problem('not_found', `there is no price ${request.params.id}`);
    if (!(await inTransaction(deps, ({ db }) => removeMeterPrice(db, known.id, clock.now())))) {
      throw new Problem('conflict', 'the price has begun: add another one instead');
    }
    logger.info({ operator: email, price: request.params.id }, 'price of a meter removed by an operator');
    response.status(204).end();
  });

  return router;
}
