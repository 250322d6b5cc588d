import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { createLogger } from '@tollgate/shared/runtime/logger.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { openQueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { startTelemetry } from '@tollgate/shared/runtime/telemetry.ts';
import { createDataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { createApp } from './app.ts';
import { ApiConfig } from './config.ts';

await runService(process, 'api', async () => {
  const config = readConfig(ApiConfig, process.env);
  const clock = systemClock;
  const logger = createLogger({ service: 'api', level: config.LOG_LEVEL });
  const telemetry = await startTelemetry({
    serviceName: 'api',
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  });
  const database = openDatabase({ url: config.DATABASE_URL, applicationName: 'tollgate-api' });
  const connection = await openQueueConnection({
    url: config.QUEUE_URL,
    prefix: config.QUEUE_PREFIX,
    workersMax: 0,
  });
  const { prisma } = database;
  const app = createApp({
    prisma,
    producer: createProducer({ connection, logger }),
    connection,
    clock,
    logger,
    dataKeys: createDataKeys(config.MASTER_KEY),
    inbox: createInbox(config.MASTER_KEY),
    masterKey: config.MASTER_KEY,
    smsManagerCallbackSecret: config.SMS_MANAGER_CALLBACK_SECRET,
    stripeWebhookSecret: config.STRIPE_WEBHOOK_SECRET,
    cronSecret: config.CRON_SECRET,
    mode: config.TOLLGATE_MODE,
    healthChecks: { database: database.ping, queue: connection.ping },
    publicUrl: config.PUBLIC_URL,
    secureCookies: config.PUBLIC_URL.startsWith('https:'),
  });

  const server = createServer(app).listen(config.PORT, config.HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  logger.info(
    { url: `http://127.0.0.1:${port}`, queue: connection.backend, mode: config.TOLLGATE_MODE },
    'ready',
  );

  return {
    logger,
    steps: [
      ['http', () => new Promise((resolve) => server.close(resolve))],
      ['queue', connection.close],
      ['database', database.close],
      ['telemetry', telemetry.stop],
    ],
  };
});
