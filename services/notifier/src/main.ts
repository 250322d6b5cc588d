import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { startHealthServer } from '@tollgate/shared/runtime/health.ts';
import { createLogger } from '@tollgate/shared/runtime/logger.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { openQueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { startTelemetry } from '@tollgate/shared/runtime/telemetry.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { NotifierConfig } from './config.ts';
import { CONSUMER_COUNT, startConsumers } from './consumers.ts';
import { createSmtpMailer } from './smtp/smtp-mailer.ts';
import { sweepNotifications } from './sweep/sweep-notifications.ts';

await runService(process, 'notifier', async () => {
  const config = readConfig(NotifierConfig, process.env);
  const clock = systemClock;
  const logger = createLogger({ service: 'notifier', level: config.LOG_LEVEL });
  const telemetry = await startTelemetry({
    serviceName: 'notifier',
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  });
  const database = openDatabase({ url: config.DATABASE_URL, applicationName: 'tollgate-notifier' });
  const connection = await openQueueConnection({
    url: config.QUEUE_URL,
    prefix: config.QUEUE_PREFIX,
    workersMax: CONSUMER_COUNT,
  });
  const producer = createProducer({ connection, logger });
  const mailer = createSmtpMailer({ url: config.SMTP_URL });

  const { prisma } = database;
  const transactions = { prisma, producer };
  const consumers = startConsumers(
    { connection, logger, bury: createBurial({ prisma, clock }) },
    { ...transactions, clock, logger, mailer, mailFrom: config.MAIL_FROM, random: Math.random },
  );
  const sweeper = startSweeper({
    ...transactions,
    logger,
    name: 'notifications',
    everyMs: 5 * SECOND_MS,
    sweep: (tx) => sweepNotifications(tx, clock.now()),
  });
  const health = await startHealthServer({
    port: config.HEALTH_PORT,
    host: config.HOST,
    checks: { database: database.ping, queue: connection.ping },
  });
  logger.info({ queue: connection.backend, healthPort: health.port, mode: config.TOLLGATE_MODE }, 'ready');

  return {
    logger,
    steps: [
      ['sweeper', sweeper.stop],
      ['consumers', () => Promise.all(consumers.map((consumer) => consumer.close()))],
      ['mailer', mailer.close],
      ['health', health.close],
      ['queue', connection.close],
      ['database', database.close],
      ['telemetry', telemetry.stop],
    ],
  };
});
