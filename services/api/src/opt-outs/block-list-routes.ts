import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { blockNumbers, unblockNumber } from '@tollgate/shared/opt-outs/block-list.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { storableText } from '../problems/storable-text.ts';
import { BlockListQuery, listBlocked } from './list-blocked.ts';
import { Numbers, readNumberInPath, readNumbers } from './numbers-request.ts';

export type BlockListRoutesDeps = TransactionDeps & {
  prisma: PrismaClient;
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

export const BlockRequest = z
  .strictObject({ recipients: Numbers, reason: storableText(500) })
  .meta({ id: 'BlockRequest' });

/** Operators have no country, so their numbers are international; any country will do to read them. */
const ANY_COUNTRY = 'CZ';

/** Numbers that nobody may be sent to, for operators. */
export function blockListRoutes(deps: BlockListRoutesDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/block-list', async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listBlocked(prisma, readQuery(BlockListQuery, request.query)));
  });

  router.post('/v1/admin/block-list', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const { recipients: given, reason } = readBody(BlockRequest, request.body);
    const recipients = readNumbers(given, ANY_COUNTRY);
    const added = await inTransaction(deps, ({ db }) =>
      blockNumbers(db, { recipients, reason, by: email }, clock.now()),
    );
    logger.info({ operator: email, added, reason }, 'numbers blocked by an operator');
    response.json({ added, alreadyThere: recipients.length - added });
  });

  router.delete('/v1/admin/block-list/:recipient', async (request, response) => {
    const { email } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const recipient = readNumberInPath(request.params.recipient, ANY_COUNTRY);
    const wasBlocked =
      recipient !== null &&
      (await inTransaction(deps, ({ db }) => unblockNumber(db, recipient, clock.now())));
    if (!wasBlocked) throw new Problem('not_found', `${request.params.recipient} is not blocked`);
    logger.info({ operator: email }, 'number unblocked by an operator');
    response.status(204).end();
  });

  return router;
}
