import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { closePeriods } from '@tollgate/shared/queues/catalog.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { type RequestHandler, Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { Problem } from '../problems/problem.ts';
import { NoBody, readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { requireTenant } from '../tenants/require-tenant.ts';
import { approve, creditRecord, type RecordDeps, retryRecord, voidRecord } from './change-records.ts';
import { readRecord, requireInvoice } from './find-record.ts';
import { generateInvoices } from './generate-invoice.ts';
import { BillingRecordsQuery, listRecords } from './list-records.ts';
import {
  ApproveRequest,
  CreditNoteRequest,
  GenerateRequest,
  ProcessRequest,
  VoidRequest,
} from './record-request.ts';

export type BillingRecordRoutesDeps = RecordDeps & {
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

/** What tenants were billed, for operators: looking at it, approving, taking back, doing again. */
export function billingRecordRoutes(deps: BillingRecordRoutesDeps): Router {
  const { prisma, logger, authenticateOperator } = deps;
  const router = Router();

  const list: RequestHandler = async (request, response) => {
    await authenticateOperator(request, 'read');
    response.json(await listRecords(prisma, readQuery(BillingRecordsQuery, request.query)));
  };
  router.get('/v1/admin/billing/records', list);
  router.get('/v1/admin/invoices', list);

  router.get('/v1/admin/invoices/:id', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    response.json(await readRecord(prisma, await requireInvoice(prisma, request.params.id)));
  });

  router.post('/v1/admin/invoices/:id/approve', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    readBody(NoBody, request.body);
    const invoiceId = await requireInvoice(prisma, request.params.id);
    await approve(deps, { invoiceId, by });
    logger.info({ operator: by, invoiceId }, 'invoice approved by an operator');
    response.json(await readRecord(prisma, invoiceId));
  });

  router.post('/v1/admin/billing/approve', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    const { invoices } = readBody(ApproveRequest, request.body);
    const results = [];
    for (const invoiceId of invoices) {
      const id = toPublicId('inv', invoiceId);
      const problem = await approve(deps, { invoiceId, by }).then(() => null, toProblem);
      results.push(problem ? { id, approved: false, problem } : { id, approved: true, problem: null });
    }
    logger.info({ operator: by, invoices: invoices.length }, 'invoices approved by an operator');
    response.json({ results });
  });

  router.post('/v1/admin/invoices/:id/void', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    const { reason } = readBody(VoidRequest, request.body);
    const invoiceId = await requireInvoice(prisma, request.params.id);
    await voidRecord(deps, { invoiceId, by, reason });
    logger.info({ operator: by, invoiceId, reason }, 'invoice voided by an operator');
    response.json(await readRecord(prisma, invoiceId));
  });

  router.post('/v1/admin/invoices/:id/credit-notes', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    const { amount, reason } = readBody(CreditNoteRequest, request.body);
    const invoiceId = await requireInvoice(prisma, request.params.id);
    const creditNoteId = await creditRecord(deps, { invoiceId, by, reason, amount });
    logger.info({ operator: by, invoiceId, creditNoteId, reason }, 'credit note made by an operator');
    response.status(201).json(await readRecord(prisma, creditNoteId));
  });

  router.post('/v1/admin/invoices/:id/retry', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    readBody(NoBody, request.body);
    const invoiceId = await requireInvoice(prisma, request.params.id);
    await retryRecord(deps, { invoiceId, by });
    logger.info({ operator: by, invoiceId }, 'collection tried again by an operator');
    response.status(202).json(await readRecord(prisma, invoiceId));
  });

  router.post('/v1/admin/billing/invoices', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    const { tenant: tenantId, month, dryRun } = readBody(GenerateRequest, request.body);
    const tenant = await requireTenant(prisma, toPublicId('tnt', tenantId));
    const generated = await generateInvoices(deps, tenant, { month, dryRun });
    if (!dryRun) logger.info({ operator: by, tenantId, month }, 'month billed by an operator');
    response.status(dryRun ? 200 : 201).json(generated);
  });

  router.post('/v1/admin/billing/process', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    const { tenants } = readBody(ProcessRequest, request.body);
    await inTransaction(deps, async (tx) => {
      if (!tenants) tx.enqueue(closePeriods, { trigger: 'manual' });
      for (const tenantId of tenants ?? []) tx.enqueue(closePeriods, { trigger: 'manual', tenantId });
    });
    logger.info({ operator: by, tenants: tenants?.length ?? 'all' }, 'billing asked for by an operator');
    response.status(202).json({ tenants: tenants?.map((id) => toPublicId('tnt', id)) ?? null });
  });

  return router;
}

/** What kept one of several from being approved; what is no Problem ends the request. */
function toProblem(error: unknown): object {
  if (error instanceof Problem) return error.toJSON();
  throw error;
}
