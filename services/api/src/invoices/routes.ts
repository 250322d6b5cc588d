import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import { Router } from 'express';
import type { Authenticate } from '../authentication/authenticate.ts';
import { Problem } from '../problems/problem.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { invoiceParts, viewInvoice } from './invoice-view.ts';
import { InvoicesQuery, listInvoices } from './list-invoices.ts';

/** Reading the caller's invoices and statements. */
export function invoiceRoutes({
  prisma,
  authenticate,
}: {
  prisma: PrismaClient;
  authenticate: Authenticate;
}): Router {
  const router = Router();

  router.get('/v1/sms/invoices', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    const query = readQuery(InvoicesQuery, request.query);
    response.json(await withTenant(prisma, tenantId, (db) => listInvoices(db, tenantId, query)));
  });

  router.get('/v1/sms/invoices/:id', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    const id = fromPublicId('inv', request.params.id);
    const row =
      id &&
      (await withTenant(prisma, tenantId, (db) =>
        db.invoice.findUnique({ where: { id, tenantId }, include: invoiceParts }),
      ));
    if (!row) throw new Problem('not_found', `there is no invoice ${request.params.id}`);
    response.json(viewInvoice(row));
  });

  return router;
}
