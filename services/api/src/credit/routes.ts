import { readAccount } from '@tollgate/shared/credit/accounts.ts';
import { availableMicros } from '@tollgate/shared/credit/fit-within-credit.ts';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { formatMicros, formatMoney } from '@tollgate/shared/money/money.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import { Router } from 'express';
import { z } from 'zod';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';

const amount = z.string().meta({ example: '98.50' });

export const BalanceView = z
  .object({
    currency: z.string().meta({ example: 'CZK' }),
    balance: amount,
    reserved: amount.meta({ description: 'Held for messages on their way.' }),
    creditLimit: amount,
    available: amount.meta({ description: 'balance + creditLimit - reserved' }),
    formatted: z.string().meta({ description: 'The available amount for people.', example: 'CZK 98.50' }),
  })
  .meta({ id: 'Balance' });

/** Reading the caller's credit. */
export function creditRoutes({
  prisma,
  authenticate,
}: {
  prisma: PrismaClient;
  authenticate: Authenticate;
}): Router {
  const router = Router();

  router.get('/v1/billing/balance', async (request, response) => {
    const { tenantId, currency } = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    const account = await withTenant(prisma, tenantId, (db) => readAccount(db, { tenantId, currency }));
    if (!account) throw new Problem('not_found', `there is no account in ${currency}`);
    const available = availableMicros(account);
    const view: z.infer<typeof BalanceView> = {
      currency,
      balance: formatMicros(account.balanceMicros),
      reserved: formatMicros(account.reservedMicros),
      creditLimit: formatMicros(account.creditLimitMicros),
      available: formatMicros(available),
      formatted: formatMoney({ amountMicros: available, currency }, 'en'),
    };
    response.json(view);
  });

  return router;
}
