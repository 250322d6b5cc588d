import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
import { PaymentRequest } from './payment-request.ts';
import { PaymentsView, RecordedPaymentView } from './payment-view.ts';

const example = 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';

export const invoicePaymentPaths: ZodOpenApiPathsObject = {
  '/v1/admin/invoices/{id}/payments': {
    ...readOperation({
      id: 'listInvoicePayments',
      summary: 'Money that came in for an invoice',
      example,
      view: PaymentsView,
      security: operatorSession,
    }),
    post: writeOperation({
      id: 'recordInvoicePayment',
      summary: 'Mark an invoice as paid, in part or in full',
      path: { id: example },
      body: PaymentRequest,
      view: RecordedPaymentView,
      status: '201',
    }),
  },
};
