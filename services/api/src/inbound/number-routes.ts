import { publicId, toPublicId } from '@tollgate/shared/ids/ids.ts';
import { assignNumber, releaseNumber } from '@tollgate/shared/inbound/tenant-numbers.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { invalidRequest, Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { isStorable } from '../problems/storable-text.ts';

export type NumberRoutesDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

/** As providers name it: also short numbers. */
const number = z
  .string()
  .regex(/^\+[1-9]\d{2,14}$/, { error: 'must be + and 3 to 15 digits, such as +420777123456' })
  .meta({ example: '+420777123456' });

export const NumberRequest = z
  .strictObject({ number, tenantId: publicId('tnt').meta({ example: `tnt_${'0'.repeat(32)}` }) })
  .meta({ id: 'NumberRequest' });

export const NumberView = z.object({ number, tenantId: z.string() }).meta({ id: 'TenantNumber' });

export const NumbersView = z.object({ numbers: z.array(NumberView) }).meta({ id: 'TenantNumbers' });

/** An installation has some hundreds at most; each is bought. */
const NUMBERS_LISTED_MAX = 10_000;

/** Numbers on which tenants receive messages, for operators. */
export function numberRoutes(deps: NumberRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();
  const view = (row: { number: string; tenantId: string }) => ({
    number: row.number,
    tenantId: toPublicId('tnt', row.tenantId),
  });

  router.get('/v1/admin/numbers', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const numbers = await prisma.tenantNumber.findMany({
      orderBy: { number: 'asc' },
      take: NUMBERS_LISTED_MAX,
    });
    response.json({ numbers: numbers.map(view) });
  });

  router.post('/v1/admin/numbers', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const assignment = readBody(NumberRequest, request.body);
    const tenant = await prisma.tenant.findUnique({ where: { id: assignment.tenantId } });
    if (!tenant) throw invalidRequest([{ pointer: '#/tenantId', detail: 'there is no such tenant' }]);
    await inTransaction(deps, ({ db }) => assignNumber(db, assignment, clock.now()));
    logger.info({ operator: email, ...assignment }, 'number given to a tenant');
    response.json(view(assignment));
  });

  router.delete('/v1/admin/numbers/:number', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { number: given } = request.params;
    const wasReleased =
      isStorable(given) && (await inTransaction(deps, ({ db }) => releaseNumber(db, given)));
    if (!wasReleased) throw new Problem('not_found', `${given} belongs to nobody`);
    logger.info({ operator: email, number: given }, 'number taken from its tenant');
    response.status(204).end();
  });

  return router;
}
