import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { changeOperation, operatorSession, readOperation } from '../openapi/operation.ts';
import { GeneratedView } from './generate-invoice.ts';
import { BillingRecordsQuery, BillingRecordsView } from './list-records.ts';
import {
  ApproveRequest,
  CreditNoteRequest,
  GenerateRequest,
  ProcessRequest,
  VoidRequest,
} from './record-request.ts';
import { BillingRecordView } from './record-view.ts';

const example = 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';
const path = { id: z.string().meta({ example }) };
const security = operatorSession;
const list = {
  summary: 'Invoices of every tenant that fit the filters, newest first',
  query: BillingRecordsQuery,
  view: BillingRecordsView,
  security,
};

export const billingRecordPaths: ZodOpenApiPathsObject = {
  '/v1/admin/billing/records': readOperation({ id: 'listBillingRecords', ...list }),
  '/v1/admin/invoices': readOperation({ id: 'listAllInvoices', ...list }),
  '/v1/admin/invoices/{id}': readOperation({
    id: 'getBillingRecord',
    summary: 'One invoice of any tenant',
    example,
    view: BillingRecordView,
    security,
  }),
  '/v1/admin/invoices/{id}/approve': changeOperation({
    id: 'approveInvoice',
    summary: 'Issue an invoice that waits for approval',
    path,
    view: BillingRecordView,
    security,
  }),
  '/v1/admin/invoices/{id}/void': changeOperation({
    id: 'voidInvoice',
    summary: 'Take an invoice back; its usage goes on the next one',
    path,
    body: VoidRequest,
    view: BillingRecordView,
    security,
  }),
  '/v1/admin/invoices/{id}/credit-notes': changeOperation({
    id: 'createCreditNote',
    summary: 'Take an issued invoice or a part of it back with a credit note',
    path,
    body: CreditNoteRequest,
    view: BillingRecordView,
    status: 201,
    security,
  }),
  '/v1/admin/invoices/{id}/retry': changeOperation({
    id: 'retryInvoice',
    summary: 'Try to collect an unpaid invoice again',
    path,
    view: BillingRecordView,
    status: 202,
    security,
  }),
  '/v1/admin/billing/approve': changeOperation({
    id: 'approveInvoices',
    summary: 'Issue several invoices that wait for approval, each with its own result',
    body: ApproveRequest,
    view: z.object({
      results: z.array(
        z.object({ id: z.string(), approved: z.boolean(), problem: z.looseObject({}).nullable() }),
      ),
    }),
    security,
  }),
  '/v1/admin/billing/invoices': changeOperation({
    id: 'generateInvoices',
    summary: 'Bill a tenant’s month, or say what it would come to',
    body: GenerateRequest,
    view: GeneratedView,
    status: 201,
    security,
  }),
  '/v1/admin/billing/process': changeOperation({
    id: 'processBilling',
    summary: 'Close what has ended, of some tenants or of all',
    body: ProcessRequest,
    view: z.object({ tenants: z.array(z.string()).nullable() }),
    status: 202,
    security,
  }),
};
