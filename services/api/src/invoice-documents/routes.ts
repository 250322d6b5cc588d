import { type DocumentDeps, documentOf, type StoredDocument } from '@tollgate/documents/document-of.ts';
import { fromPublicId } from '@tollgate/shared/ids/ids.ts';
import { withTenant } from '@tollgate/shared/runtime/with-tenant.ts';
import { type Response, Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import type { Authenticate } from '../authentication/authenticate.ts';
import { requireInvoice } from '../billing-records/find-record.ts';
import { Problem } from '../problems/problem.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { listReminders } from './list-reminders.ts';

export type InvoiceDocumentDeps = DocumentDeps & {
  authenticate: Authenticate;
  authenticateOperator: AuthenticateOperator;
};

/** PDFs of invoices: for their tenant, and with their reminders for operators. */
export function invoiceDocumentRoutes(deps: InvoiceDocumentDeps): Router {
  const { prisma, authenticate, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/sms/invoices/:id/pdf', async (request, response) => {
    const { tenantId } = await authenticate(request, 'billing:read');
    readQuery(NoQuery, request.query);
    const id = fromPublicId('inv', request.params.id);
    const own =
      id &&
      (await withTenant(prisma, tenantId, (db) =>
        db.invoice.findUnique({ where: { id, tenantId }, select: { id: true } }),
      ));
    if (!own) throw new Problem('not_found', `there is no invoice ${request.params.id}`);
    sendPdf(response, await documentOf(deps, own.id, 'document'));
  });

  router.get('/v1/admin/invoices/:id/pdf', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const id = await requireInvoice(prisma, request.params.id);
    sendPdf(response, await documentOf(deps, id, 'document'));
  });

  router.get('/v1/admin/invoices/:id/reminders', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const id = await requireInvoice(prisma, request.params.id);
    response.json({ reminders: await listReminders(prisma, id) });
  });

  router.get('/v1/admin/invoices/:id/reminders/:level/pdf', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const id = await requireInvoice(prisma, request.params.id);
    const { level } = request.params;
    const document = /^[1-9]$/.test(level) ? await documentOf(deps, id, `reminder_${Number(level)}`) : null;
    sendPdf(response, document);
  });

  return router;
}

function sendPdf(response: Response, document: StoredDocument | null): void {
  if (!document) throw new Problem('not_found', 'there is no such document (yet)');
  response
    .type('application/pdf')
    .set('Content-Disposition', `inline; filename="${document.fileName}"`)
    // What was given out once never changes, but is only for whoever may ask for it.
    .set('Cache-Control', 'private, no-cache')
    .send(Buffer.from(document.pdf));
}
