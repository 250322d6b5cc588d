import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { operatorSession, readOperation } from '../openapi/operation.ts';
import { writeOperation } from '../openapi/write-operation.ts';
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
const path = { id: example };
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
  '/v1/admin/invoices/{id}/approve': {
    post: writeOperation({
      id: 'approveInvoice',
      summary: 'Issue an invoice that waits for approval',
      path,
      view: BillingRecordView,
    }),
  },
  '/v1/admin/invoices/{id}/void': {
    post: writeOperation({
      id: 'voidInvoice',
      summary: 'Take an invoice back; its usage goes on the next one',
      path,
      body: VoidRequest,
      view: BillingRecordView,
    }),
  },
  '/v1/admin/invoices/{id}/credit-notes': {
    post: writeOperation({
      id: 'createCreditNote',
      summary: 'Take an issued invoice or a part of it back with a credit note',
      path,
      body: CreditNoteRequest,
      view: BillingRecordView,
      status: '201',
    }),
  },
  '/v1/admin/invoices/{id}/retry': {
    post: writeOperation({
      id: 'retryInvoice',
      summary: 'Try to collect an unpaid invoice again',
      path,
      view: BillingRecordView,
      status: '202',
    }),
  },
  '/v1/admin/billing/approve': {
    post: writeOperation({
      id: 'approveInvoices',
      summary: 'Issue several invoices that wait for approval, each with its own result',
      body: ApproveRequest,
      view: z.object({
        results: z.array(
          z.object({ id: z.string(), approved: z.boolean(), problem: z.looseObject({}).nullable() }),
        ),
      }),
    }),
  },
  '/v1/admin/billing/invoices': {
    post: writeOperation({
      id: 'generateInvoices',
      summary: 'Bill a tenant’s month, or say what it would come to',
      body: GenerateRequest,
      view: GeneratedView,
      status: '201',
    }),
  },
  '/v1/admin/billing/process': {
    post: writeOperation({
      id: 'processBilling',
      summary: 'Close what has ended, of some tenants or of all',
      body: ProcessRequest,
      view: z.object({ tenants: z.array(z.string()).nullable() }),
      status: '202',
    }),
  },
};
