import { createMirror } from '@tollgate/shared/dead-letters/mirror.ts';
import { checkHealth, type HealthChecks } from '@tollgate/shared/runtime/health.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import type { QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { inSpan } from '@tollgate/shared/runtime/trace.ts';
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { accountRoutes } from './account/routes.ts';
import { createAuthenticateOperator } from './admin/authenticate-operator.ts';
import { requireOperator } from './admin/operator-session.ts';
import { refuseOtherSites } from './admin/refuse-other-sites.ts';
import { type AdminRoutesDeps, adminRoutes } from './admin/routes.ts';
import { alertRoutes } from './alerts/routes.ts';
import { type AuthenticateDeps, createAuthenticate } from './authentication/authenticate.ts';
import { batchRoutes } from './batches/routes.ts';
import { batchSubmissionRoutes } from './batches/submission-routes.ts';
import { billingDetailsRoutes } from './billing-details/routes.ts';
import { billingRecordRoutes } from './billing-records/routes.ts';
import { billingRunRoutes } from './billing-runs/routes.ts';
import { billingSettingsRoutes } from './billing-settings/routes.ts';
import { billingStatsRoutes } from './billing-stats/routes.ts';
import { queueBoard } from './board/board.ts';
import { creditAdminRoutes } from './credit/admin-routes.ts';
import { creditRoutes } from './credit/routes.ts';
import { deadLetterRoutes } from './dead-letters/routes.ts';
import { feeRoutes } from './fees/routes.ts';
import { answerLostKeys, rememberAnswers } from './idempotency/remember-answers.ts';
import { numberRoutes } from './inbound/number-routes.ts';
import { inboundRoutes } from './inbound/routes.ts';
import { type InternalJobRoutesDeps, internalJobRoutes } from './internal-jobs/routes.ts';
import { invoiceDocumentRoutes } from './invoice-documents/routes.ts';
import { invoicePaymentRoutes } from './invoice-payments/routes.ts';
import { invoiceRoutes } from './invoices/routes.ts';
import { marginRoutes } from './margin/routes.ts';
import { type MessageRoutesDeps, messageRoutes } from './messages/routes.ts';
import { meterSyncRoutes } from './meter-sync/routes.ts';
import { meterRoutes } from './meters/routes.ts';
import { describeApi } from './openapi/document.ts';
import { blockListRoutes } from './opt-outs/block-list-routes.ts';
import { optOutRoutes } from './opt-outs/routes.ts';
import { plansRoutes } from './plans/routes.ts';
import { previewRoutes } from './preview/routes.ts';
import { priceRoutes } from './prices/routes.ts';
import { answerNotFound } from './problems/answer-not-found.ts';
import { answerProblems } from './problems/answer-problems.ts';
import { checkBody } from './problems/check-body.ts';
import { PROBLEMS_PATH, renderProblemsPage } from './problems/problems-page.ts';
import { requireJson } from './problems/require-json.ts';
import { providerRoutes } from './providers/routes.ts';
import { createRequestLimit, type RateLimit } from './rate-limit/limit-requests.ts';
import { reportRoutes } from './reports/routes.ts';
import { planRoutes } from './sms-settings/plan-routes.ts';
import { smsSettingsRoutes } from './sms-settings/routes.ts';
import { stripePushRoutes } from './stripe-pushes/routes.ts';
import { subscriptionRoutes } from './subscriptions/routes.ts';
import { apiKeyRoutes } from './tenants/api-key-routes.ts';
import { tenantRoutes } from './tenants/routes.ts';
import type { Payments } from './top-ups/payments.ts';
import { returnPages } from './top-ups/return-pages.ts';
import { topUpRoutes } from './top-ups/routes.ts';
import { traceRoutes } from './trace/routes.ts';
import { transactionRoutes } from './transactions/routes.ts';
import { usageRecordingRoutes } from './usage/recording/routes.ts';
import { usageRoutes } from './usage/routes.ts';
import { vatRateRoutes } from './vat-rates/routes.ts';
import { webhookInboxRoutes } from './webhook-inbox/routes.ts';
import { type WebhookRoutesDeps, webhookRoutes } from './webhooks/routes.ts';

export type AppDeps = Omit<MessageRoutesDeps, 'authenticate'> &
  WebhookRoutesDeps &
  InternalJobRoutesDeps &
  Omit<AdminRoutesDeps, 'db'> & {
    logger: Logger;
    connection: QueueConnection;
    healthChecks: HealthChecks;
    publicUrl: string;
    /** Stripe, where credit and plans are sold through this api. */
    payments?: Payments | undefined;
    /** Told of each request of an API key that is answered. */
    countRequest?: AuthenticateDeps['countRequest'];
    /** Per API key, in this process. */
    rateLimit: RateLimit;
    /** How many proxies stand before the api: the caller's address is read behind them. */
    trustedProxies: number;
  };

/** The HTTP application: every address that the api answers, in one place. */
export function createApp(deps: AppDeps): Express {
  const { prisma, clock, logger, connection, healthChecks, publicUrl, secureCookies, trustedProxies } = deps;
  const db = prisma;
  const limitRequests = createRequestLimit(deps.rateLimit);
  const authenticate = createAuthenticate({
    db,
    clock,
    limitRequests,
    countRequest: deps.countRequest,
  });
  const openApi = describeApi(publicUrl);

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', trustedProxies);
  app.use(traceRequests);
  app.get('/health/live', (_request, response) => response.json({ status: 'ok' }));
  app.get('/health/ready', async (_request, response) => {
    const report = await checkHealth(healthChecks);
    response.status(report.status === 'ok' ? 200 : 503).json(report);
  });
  app.get('/openapi.json', (_request, response) => response.json(openApi));

  const problemsPage = renderProblemsPage();
  app.get(PROBLEMS_PATH, helmet(), (_request, response) => response.type('html').send(problemsPage));

  app.use('/admin', helmet({ contentSecurityPolicy: { directives: adminContentPolicy } }));
  app.use(['/admin', '/v1/admin'], refuseOtherSites);
  app.use(adminRoutes({ db, clock, logger, secureCookies }));
  app.use('/admin/queues', requireOperator({ db, clock }), queueBoard(connection));

  app.use(webhookRoutes(deps));
  app.use(batchSubmissionRoutes({ ...deps, authenticate }));
  app.use(usageRecordingRoutes({ ...deps, authenticate }));
  app.use(requireJson, express.json({ limit: '256kb', verify: checkBody }));
  app.use(rememberAnswers({ db, clock, logger, limitRequests }));
  app.use(messageRoutes({ ...deps, authenticate }));
  app.use(batchRoutes({ ...deps, authenticate }));
  app.use(previewRoutes({ prisma, clock, authenticate }));
  app.use(inboundRoutes({ ...deps, authenticate }));
  app.use(optOutRoutes({ ...deps, authenticate }));
  app.use(smsSettingsRoutes({ ...deps, authenticate }));
  app.use(accountRoutes({ ...deps, authenticate }));
  app.use(traceRoutes({ prisma, authenticate }));
  app.use(usageRoutes({ prisma, clock, authenticate }));
  app.use(reportRoutes({ prisma, clock, authenticate }));
  app.use(creditRoutes({ prisma, authenticate }));
  app.use(transactionRoutes({ prisma, authenticate }));
  app.use(returnPages());
  app.use(topUpRoutes({ ...deps, authenticate }));
  app.use(subscriptionRoutes({ ...deps, authenticate }));
  app.use(invoiceRoutes({ prisma, authenticate }));
  app.use(meterSyncRoutes({ ...deps, authenticate }));
  app.use(internalJobRoutes(deps));
  const authenticateOperator = createAuthenticateOperator({ db, clock });
  app.use(deadLetterRoutes({ ...deps, mirror: createMirror(deps), authenticateOperator }));
  app.use(tenantRoutes({ ...deps, authenticateOperator }));
  app.use(apiKeyRoutes({ ...deps, authenticateOperator }));
  app.use(creditAdminRoutes({ ...deps, authenticateOperator }));
  app.use(priceRoutes({ ...deps, authenticateOperator }));
  app.use(meterRoutes({ ...deps, authenticateOperator }));
  app.use(plansRoutes({ ...deps, authenticateOperator }));
  app.use(planRoutes({ ...deps, authenticateOperator }));
  app.use(alertRoutes({ ...deps, authenticateOperator }));
  app.use(marginRoutes({ prisma, clock, authenticateOperator }));
  app.use(numberRoutes({ ...deps, authenticateOperator }));
  app.use(blockListRoutes({ ...deps, authenticateOperator }));
  app.use(providerRoutes({ ...deps, authenticateOperator }));
  const operating = { ...deps, authenticate, authenticateOperator };
  app.use(billingRecordRoutes(operating));
  app.use(invoiceDocumentRoutes(operating));
  app.use(invoicePaymentRoutes(operating));
  app.use(billingRunRoutes(operating));
  app.use(billingStatsRoutes(operating));
  app.use(billingSettingsRoutes(operating));
  app.use(billingDetailsRoutes(operating));
  app.use(feeRoutes(operating));
  app.use(vatRateRoutes(operating));
  app.use(stripePushRoutes({ ...deps, authenticateOperator }));
  app.use(webhookInboxRoutes({ ...deps, authenticateOperator }));
  app.use(answerNotFound(app));
  app.use(answerLostKeys({ db, clock }));
  app.use(answerProblems(logger));
  return app;
}

// Everything from here: Bull Board's page names a font server, which operators' browsers must not call.
const adminContentPolicy = {
  styleSrc: ["'self'", "'unsafe-inline'"],
  fontSrc: ["'self'", 'data:'],
  upgradeInsecureRequests: null,
};

/** One span per request, continuing the caller's trace where it sent one; ends with the answer. */
const traceRequests: RequestHandler = (request, response, next) => {
  const parent = request.get('traceparent');
  void inSpan(
    request.method,
    { parent },
    (span) =>
      new Promise<void>((resolve) => {
        response.once('close', () => {
          // The route, never the path: paths hold a callback token, ids and whatever callers make up.
          const route: { path?: unknown } | undefined = request.route;
          span.updateName(`${request.method} ${request.baseUrl}${route?.path ?? ' unknown'}`);
          resolve();
        });
        next();
      }),
  );
};
