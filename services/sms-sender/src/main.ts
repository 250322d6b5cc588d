import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { smsManagerCallbackUrl } from '@tollgate/shared/inbox/sms-manager-callback.ts';
import { sendMessages } from '@tollgate/shared/queues/catalog.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { startHealthServer } from '@tollgate/shared/runtime/health.ts';
import { createLogger } from '@tollgate/shared/runtime/logger.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { openQueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { startTelemetry } from '@tollgate/shared/runtime/telemetry.ts';
import { createDataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { canReceiveReports, SmsSenderConfig } from './config.ts';
import { CONSUMER_COUNT, startConsumers } from './consumers.ts';
import { createSmsManager } from './providers/sms-manager/adapter.ts';
import { sweepInbox } from './sweep/sweep-inbox.ts';
import { sweepMessages } from './sweep/sweep-messages.ts';

/** With more jobs than this waiting, waking more rows only makes the queue longer. */
const WAITING_JOBS_MAX = 1_000;

await runService(process, 'sms-sender', async () => {
  const config = readConfig(SmsSenderConfig, process.env);
  const clock = systemClock;
  const logger = createLogger({ service: 'sms-sender', level: config.LOG_LEVEL });
  const telemetry = await startTelemetry({
    serviceName: 'sms-sender',
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  });
  const database = openDatabase({ url: config.DATABASE_URL, applicationName: 'tollgate-sms-sender' });
  const connection = await openQueueConnection({
    url: config.QUEUE_URL,
    prefix: config.QUEUE_PREFIX,
    workersMax: CONSUMER_COUNT,
  });
  const producer = createProducer({ connection, logger });
  const reportSource = canReceiveReports(config) ? 'webhook' : 'polling';
  const provider = createSmsManager({
    apiKey: config.SMS_MANAGER_API_KEY,
    baseUrl: config.SMS_MANAGER_BASE_URL,
    restUrl: config.SMS_MANAGER_REST_URL,
    callbackUrl:
      reportSource === 'webhook' ? smsManagerCallbackUrl(config.PUBLIC_URL, config.MASTER_KEY) : null,
    clock,
  });

  const { prisma } = database;
  const transactions = { prisma, producer };
  const consumers = startConsumers(
    { connection, logger, bury: createBurial({ prisma, clock }) },
    {
      ...transactions,
      clock,
      logger,
      provider,
      providerName: provider.name,
      reportSource,
      random: Math.random,
      dataKeys: createDataKeys(config.MASTER_KEY),
      inbox: createInbox(config.MASTER_KEY),
    },
  );
  const sweepers = [
    startSweeper({
      ...transactions,
      logger,
      name: 'messages',
      everyMs: 2 * SECOND_MS,
      isBacklogged: async () =>
        (await connection.queue(sendMessages.name).getWaitingCount()) > WAITING_JOBS_MAX,
      sweep: (tx) => sweepMessages(tx, clock.now()),
    }),
    startSweeper({
      ...transactions,
      logger,
      name: 'inbox',
      everyMs: 5 * SECOND_MS,
      sweep: (tx) => sweepInbox(tx, clock.now()),
    }),
  ];
  const health = await startHealthServer({
    port: config.HEALTH_PORT,
    host: config.HOST,
    checks: { database: database.ping, queue: connection.ping },
  });
  logger.info(
    { queue: connection.backend, reportSource, healthPort: health.port, mode: config.TOLLGATE_MODE },
    'ready',
  );

  return {
    logger,
    steps: [
      ['sweepers', () => Promise.all(sweepers.map((sweeper) => sweeper.stop()))],
      ['consumers', () => Promise.all(consumers.map((consumer) => consumer.close()))],
      ['health', health.close],
      ['queue', connection.close],
      ['database', database.close],
      ['telemetry', telemetry.stop],
    ],
  };
});
