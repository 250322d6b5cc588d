import { fromPublicId, newId } from '@tollgate/shared/ids/ids.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { localDate } from '@tollgate/shared/time/local-time.ts';
import { Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { requireTenant } from '../tenants/require-tenant.ts';
import { FeeEndRequest, FeeRequest } from './fee-request.ts';
import { viewFee } from './fee-view.ts';

export type FeeRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

/** What tenants pay for time, for operators. A fee is never edited: it ends, and another one begins. */
export function feeRoutes(deps: FeeRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/tenants/:id/fees', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const { id: tenantId } = await requireTenant(prisma, request.params.id);
    const fees = await prisma.fee.findMany({
      where: { tenantId },
      orderBy: [{ startsOn: 'asc' }, { id: 'asc' }],
    });
    response.json({ fees: fees.map(viewFee) });
  });

  router.post('/v1/admin/tenants/:id/fees', async (request, response) => {
    const { email: createdBy } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { amount, startsOn, endsOn, ...fee } = readBody(FeeRequest, request.body);
    const { id: tenantId, currency, timeZone } = await requireTenant(prisma, request.params.id);
    // What was billed stays billed: a fee may begin late, but not in a period that is closed.
    const open = await prisma.billingPeriod.findFirst({ where: { tenantId, closedAt: null } });
    if (!open) throw new Problem('conflict', 'the tenant is deleted and billed for the last time');
    const firstDay = localDate(open.startsAt, timeZone);
    if (startsOn < firstDay) {
      const detail = `must not be before ${firstDay}, when the open period began`;
      throw invalidRequest([{ pointer: '#/startsOn', detail }]);
    }
    const data = {
      ...fee,
      id: newId(clock),
      tenantId,
      currency,
      amountMicros: amount,
      startsOn: new Date(startsOn),
      endsOn: endsOn === null ? null : new Date(endsOn),
      createdAt: clock.now(),
      createdBy,
    };
    const row = await inTransaction(deps, ({ db }) => db.fee.create({ data }));
    logger.info({ operator: createdBy, tenantId, feeId: row.id }, 'fee made by an operator');
    response.status(201).json(viewFee(row));
  });

  router.post('/v1/admin/fees/:id/end', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { endsOn } = readBody(FeeEndRequest, request.body);
    const id = fromPublicId('fee', request.params.id);
    const fee = id && (await prisma.fee.findUnique({ where: { id } }));
    if (!fee) throw new Problem('not_found', `there is no fee ${request.params.id}`);
    const day = new Date(endsOn);
    if (day <= fee.startsOn)
      throw invalidRequest([{ pointer: '#/endsOn', detail: 'must be after its first day' }]);
    const row = await inTransaction(deps, ({ db }) =>
      db.fee.update({ where: { id: fee.id }, data: { endsOn: day } }),
    );
    logger.info(
      { operator: email, tenantId: fee.tenantId, feeId: fee.id, endsOn },
      'fee ended by an operator',
    );
    response.json(viewFee(row));
  });

  return router;
}
