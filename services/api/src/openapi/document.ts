import { z } from 'zod';
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { accountPaths } from '../account/describe-paths.ts';
import { SESSION_COOKIE } from '../admin/operator-session.ts';
import { alertPaths } from '../alerts/describe-paths.ts';
import { batchPaths } from '../batches/describe-paths.ts';
import { billingDetailsPaths } from '../billing-details/describe-paths.ts';
import { billingRecordPaths } from '../billing-records/describe-paths.ts';
import { billingRunPaths } from '../billing-runs/routes.ts';
import { billingSettingsPaths } from '../billing-settings/describe-paths.ts';
import { billingStatsPaths } from '../billing-stats/routes.ts';
import { creditPaths } from '../credit/describe-paths.ts';
import { BalanceView } from '../credit/routes.ts';
import { deadLetterPaths } from '../dead-letters/describe-paths.ts';
import { feePaths } from '../fees/describe-paths.ts';
import { inboundPaths } from '../inbound/describe-paths.ts';
import { invoiceDocumentPaths } from '../invoice-documents/describe-paths.ts';
import { invoicePaymentPaths } from '../invoice-payments/describe-paths.ts';
import { InvoiceView } from '../invoices/invoice-view.ts';
import { InvoicesQuery, InvoicesView } from '../invoices/list-invoices.ts';
import { marginPaths } from '../margin/describe-paths.ts';
import { messagePaths } from '../messages/describe-paths.ts';
import { MessageView } from '../messages/message-view.ts';
import { AcceptedMessage, SendRequest } from '../messages/send-request.ts';
import { meterSyncPaths } from '../meter-sync/describe-paths.ts';
import { meterPaths } from '../meters/describe-paths.ts';
import { optOutPaths } from '../opt-outs/describe-paths.ts';
import { planPaths } from '../plans/describe-paths.ts';
import { previewPaths } from '../preview/describe-paths.ts';
import { pricePaths } from '../prices/describe-paths.ts';
import { providerPaths } from '../providers/describe-paths.ts';
import { smsSettingsPaths } from '../sms-settings/describe-paths.ts';
import { stripePushPaths } from '../stripe-pushes/describe-paths.ts';
import { subscriptionPaths } from '../subscriptions/describe-paths.ts';
import { tenantPaths } from '../tenants/describe-paths.ts';
import { topUpPathsDescribed } from '../top-ups/describe-paths.ts';
import { TraceView } from '../trace/trace-view.ts';
import { TransactionsQuery, TransactionsView } from '../transactions/list-transactions.ts';
import { usagePaths } from '../usage/describe-paths.ts';
import { SmsUsageQuery, SmsUsageView } from '../usage/sms-usage.ts';
import { vatRatePaths } from '../vat-rates/routes.ts';
import { webhookInboxPaths } from '../webhook-inbox/describe-paths.ts';
import { problems, readOperation } from './operation.ts';
import { idempotencyKeyHeader } from './write-operation.ts';

/** The OpenAPI 3.1 description, made from the same schemas that check the requests. */
export function describeApi(publicUrl: string): object {
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tollgate',
      version: '0.1.0',
      description: 'Send SMS and keep the books.',
      license: { name: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }],
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'tg_live_… or tg_test_…' },
        operatorSession: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description: 'The cookie that POST /admin/login sets.',
        },
      },
    },
    paths: {
      ...smsPaths,
      ...messagePaths,
      ...previewPaths,
      ...batchPaths,
      ...smsSettingsPaths,
      ...accountPaths,
      ...tenantPaths,
      ...creditPaths,
      ...pricePaths,
      ...meterPaths,
      ...usagePaths,
      ...planPaths,
      ...alertPaths,
      ...marginPaths,
      ...optOutPaths,
      ...inboundPaths,
      ...billingPaths,
      ...topUpPathsDescribed,
      ...subscriptionPaths,
      ...billingSettingsPaths,
      ...billingDetailsPaths,
      ...billingRecordPaths,
      ...invoiceDocumentPaths,
      ...invoicePaymentPaths,
      ...billingRunPaths,
      ...billingStatsPaths,
      ...feePaths,
      ...vatRatePaths,
      ...deadLetterPaths,
      ...providerPaths,
      ...meterSyncPaths,
      ...stripePushPaths,
      ...webhookInboxPaths,
    },
  });
}

const messageId = 'msg_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e';

const smsPaths: ZodOpenApiPathsObject = {
  '/v1/sms/send': {
    post: {
      operationId: 'sendMessage',
      summary: 'Send one message',
      requestParams: {
        header: idempotencyKeyHeader('The same key and request give the same answer again, and one message.'),
      },
      requestBody: { required: true, content: { 'application/json': { schema: SendRequest } } },
      responses: {
        '202': {
          description: 'Stored and on its way',
          headers: z.object({ 'Idempotent-Replayed': z.string().optional(), Location: z.string() }),
          content: { 'application/json': { schema: AcceptedMessage } },
        },
        ...problems(400, 401, 402, 403, 409, 413, 415, 429, 500),
      },
    },
  },
  '/v1/sms/messages/{id}': readOperation({
    id: 'getMessage',
    summary: 'One message with its timeline',
    example: messageId,
    view: MessageView,
  }),
  '/v1/sms/messages/{id}/trace': readOperation({
    id: 'traceMessage',
    summary: 'One message from its request to its payment',
    example: messageId,
    view: TraceView,
  }),
  '/v1/sms/usage': readOperation({
    id: 'getSmsUsage',
    summary: 'The messages of a month, by day and by country',
    query: SmsUsageQuery,
    view: SmsUsageView,
  }),
  '/v1/sms/invoices': readOperation({
    id: 'listInvoices',
    summary: 'What closed billing periods came to, newest first',
    query: InvoicesQuery,
    view: InvoicesView,
  }),
  '/v1/sms/invoices/{id}': readOperation({
    id: 'getInvoice',
    summary: 'One invoice with its lines',
    example: 'inv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e',
    view: InvoiceView,
  }),
};

const billingPaths: ZodOpenApiPathsObject = {
  '/v1/billing/balance': readOperation({
    id: 'getBalance',
    summary: 'Credit that is left',
    view: BalanceView,
  }),
  '/v1/billing/transactions': readOperation({
    id: 'listTransactions',
    summary: 'The entries of the account’s ledger, newest first',
    query: TransactionsQuery,
    view: TransactionsView,
  }),
};
