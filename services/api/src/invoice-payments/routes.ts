import {
  PaymentReferenceError,
  type RecordedPayment,
  recordPayment,
} from '@tollgate/shared/bank-payments/record-payment.ts';
import { InvoiceStateError } from '@tollgate/shared/billing/invoice-states.ts';
import { readIssuer } from '@tollgate/shared/billing/issuer.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { inTransaction, type TransactionDeps } from '@tollgate/shared/runtime/transaction.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { localDate } from '@tollgate/shared/time/local-time.ts';
import { Router } from 'express';
import type { AuthenticateOperator } from '../admin/authenticate-operator.ts';
import { readRecord, requireInvoice } from '../billing-records/find-record.ts';
import { Problem } from '../problems/problem.ts';
import { readBody } from '../problems/read-body.ts';
import { NoQuery, readQuery } from '../problems/read-query.ts';
import { PaymentRequest, readAmount } from './payment-request.ts';
import { viewPayment } from './payment-view.ts';

export type InvoicePaymentDeps = TransactionDeps & {
  clock: Clock;
  logger: Logger;
  authenticateOperator: AuthenticateOperator;
};

/** Money that came in for invoices of ours: looking at it, and marking invoices as paid. */
export function invoicePaymentRoutes(deps: InvoicePaymentDeps): Router {
  const { prisma, clock, logger, authenticateOperator } = deps;
  const router = Router();

  router.get('/v1/admin/invoices/:id/payments', async (request, response) => {
    await authenticateOperator(request, 'read');
    readQuery(NoQuery, request.query);
    const invoiceId = await requireInvoice(prisma, request.params.id);
    const { currency } = await findInvoice(deps, invoiceId);
    const rows = await prisma.invoicePayment.findMany({
      where: { invoiceId },
      orderBy: [{ recordedAt: 'desc' }, { id: 'desc' }],
    });
    response.json({ payments: rows.map((row) => viewPayment(row, currency)) });
  });

  router.post('/v1/admin/invoices/:id/payments', async (request, response) => {
    const { email: by } = await authenticateOperator(request, 'change');
    readQuery(NoQuery, request.query);
    const wish = readBody(PaymentRequest, request.body);
    const invoiceId = await requireInvoice(prisma, request.params.id);
    const { currency } = await findInvoice(deps, invoiceId);
    const amountMinor = readAmount(wish.amount, currency);
    const receivedOn = wish.receivedOn ?? localDate(clock.now(), (await readIssuer(prisma)).timeZone);
    const { method, reference } = wish;
    const { id, isNew, effect } = await tellingConflicts(() =>
      inTransaction(deps, (tx) =>
        recordPayment(tx, { invoiceId, amountMinor, method, reference, receivedOn, by }, clock.now()),
      ),
    );
    logger.info({ operator: by, invoiceId, payment: id, isNew, effect }, 'payment recorded by an operator');
    const row = await prisma.invoicePayment.findUniqueOrThrow({ where: { id } });
    if (!isNew) response.set('Idempotent-Replayed', 'true');
    response.status(isNew ? 201 : 200).json({
      payment: viewPayment(row, currency),
      invoice: await readRecord(prisma, invoiceId),
    });
  });

  return router;
}

function findInvoice({ prisma }: InvoicePaymentDeps, id: string): Promise<{ currency: string }> {
  return prisma.invoice.findUniqueOrThrow({ where: { id }, select: { currency: true } });
}

async function tellingConflicts(work: () => Promise<RecordedPayment>): Promise<RecordedPayment> {
  try {
    return await work();
  } catch (error) {
    const isConflict = error instanceof InvoiceStateError || error instanceof PaymentReferenceError;
    throw isConflict ? new Problem('conflict', error.message) : error;
  }
}
