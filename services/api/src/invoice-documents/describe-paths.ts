import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, problems, readOperation } from '../openapi/operation.ts';
import { RemindersView } from './list-reminders.ts';

const example = 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';
const id = z.string().meta({ example });

function pdfOperation({
  summary,
  operationId,
  path = { id },
  security,
}: {
  summary: string;
  operationId: string;
  path?: Record<string, z.ZodType>;
  security?: ZodOpenApiOperationObject['security'];
}): { get: ZodOpenApiOperationObject } {
  return {
    get: {
      operationId,
      summary,
      ...(security && { security }),
      requestParams: { path: z.object(path) },
      responses: {
        '200': {
          description: summary,
          content: { 'application/pdf': { schema: z.string().meta({ format: 'binary' }) } },
        },
        ...problems(400, 401, 403, 404, ...(security ? [] : [429]), 500),
      },
    },
  };
}

export const invoiceDocumentPaths: ZodOpenApiPathsObject = {
  '/v1/sms/invoices/{id}/pdf': pdfOperation({
    operationId: 'getInvoicePdf',
    summary: 'An invoice or statement as PDF',
  }),
  '/v1/admin/invoices/{id}/pdf': pdfOperation({
    operationId: 'getBillingRecordPdf',
    summary: 'An invoice of any tenant as PDF',
    security: operatorSession,
  }),
  '/v1/admin/invoices/{id}/reminders': readOperation({
    id: 'listInvoiceReminders',
    summary: 'The reminders of an invoice',
    example,
    view: RemindersView,
    security: operatorSession,
  }),
  '/v1/admin/invoices/{id}/reminders/{level}/pdf': pdfOperation({
    operationId: 'getReminderPdf',
    summary: 'A reminder as PDF',
    path: { id, level: z.string().meta({ example: '1' }) },
    security: operatorSession,
  }),
};
