import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { closeHttpServer } from '@tollgate/shared/runtime/close-http-server.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { openService } from '@tollgate/shared/runtime/open-service.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { createDataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { createApp } from './app.ts';
import { ApiConfig } from './config.ts';
import { createPayments } from './top-ups/payments.ts';
import { startRequestCounting } from './usage/requests/start-request-counting.ts';

const name = 'api';

await runService(process, name, async () => {
  const config = readConfig(ApiConfig, process.env);
  const service = await openService({ name, config, workersMax: 0 });
  const { clock, logger, connection, transactions, healthChecks } = service;
  const requests = startRequestCounting({ prisma: transactions.prisma, clock, logger });
  const app = createApp({
    ...transactions,
    countRequest: requests.count,
    connection,
    clock,
    logger,
    dataKeys: createDataKeys(config.MASTER_KEY),
    inbox: createInbox(config.MASTER_KEY),
    masterKey: config.MASTER_KEY,
    smsManagerCallbackSecret: config.SMS_MANAGER_CALLBACK_SECRET,
    twilioAuthToken: config.TWILIO_AUTH_TOKEN,
    stripeWebhookSecret: config.STRIPE_WEBHOOK_SECRET,
    payments: createPayments(config),
    cronSecret: config.CRON_SECRET,
    mode: config.TOLLGATE_MODE,
    healthChecks,
    publicUrl: config.PUBLIC_URL,
    rateLimit: { requests: config.RATE_LIMIT_REQUESTS, seconds: config.RATE_LIMIT_SECONDS },
    trustedProxies: config.TRUST_PROXY,
    secureCookies: config.PUBLIC_URL.startsWith('https:'),
  });

  const server = createServer({ requestTimeout: 30 * SECOND_MS, headersTimeout: 10 * SECOND_MS }, app).listen(
    config.PORT,
    config.HOST,
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  logger.info(
    { url: `http://127.0.0.1:${port}`, queue: connection.backend, mode: config.TOLLGATE_MODE },
    'ready',
  );

  return {
    logger,
    steps: [['http', () => closeHttpServer(server)], ['request counts', requests.stop], ...service.closing],
  };
});
