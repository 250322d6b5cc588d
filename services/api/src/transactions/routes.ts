import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { readQuery } from '../problems/read-query.ts';
import { listTransactions, TransactionsQuery } from './list-transactions.ts';

/** Reading the ledger of the caller's account. */
export function transactionRoutes({
  prisma,
  authenticate,
}: {
  prisma: PrismaClient;
  authenticate: Authenticate;
}): Router {
  const router = Router();

  router.get('/v1/billing/transactions', async (request, response) => {
    const { tenantId, currency } = await authenticate(request, 'billing:read');
    const query = readQuery(TransactionsQuery, request.query);
    response.json(
      await withTenant(prisma, tenantId, (db) => listTransactions(db, { tenantId, currency }, query)),
    );
  });

  return router;
}
