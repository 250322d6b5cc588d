import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { billingSchedules } from '@tollgate/shared/queues/schedules.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { startHealthServer } from '@tollgate/shared/runtime/health.ts';
import { createLogger } from '@tollgate/shared/runtime/logger.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { openQueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { writeSchedules } from '@tollgate/shared/runtime/scheduler.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { startTelemetry } from '@tollgate/shared/runtime/telemetry.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { InvoicerConfig } from './config.ts';
import { CONSUMER_COUNT, startConsumers } from './consumers.ts';
import { createStripe } from './stripe-client.ts';
import { sweepInvoices, sweepPeriods, sweepStripeEvents } from './sweep/sweep-invoices.ts';

const name = 'invoicer';

await runService(process, name, async () => {
  const config = readConfig(InvoicerConfig, process.env);
  const clock = systemClock;
  const logger = createLogger({ service: name, level: config.LOG_LEVEL });
  const telemetry = await startTelemetry({ serviceName: name, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  const database = openDatabase({ url: config.DATABASE_URL, applicationName: `tollgate-${name}` });
  const connection = await openQueueConnection({
    url: config.QUEUE_URL,
    prefix: config.QUEUE_PREFIX,
    workersMax: CONSUMER_COUNT,
  });
  const { prisma } = database;
  const transactions = { prisma, producer: createProducer({ connection, logger }) };
  const stripe = createStripe({ secretKey: config.STRIPE_SECRET_KEY, apiBase: config.STRIPE_API_BASE });

  const consumers = startConsumers(
    { connection, logger, bury: createBurial({ prisma, clock }) },
    { ...transactions, clock, logger, stripe, inbox: createInbox(config.MASTER_KEY) },
  );
  await writeSchedules(connection, billingSchedules);
  const sweeper = { ...transactions, logger };
  const sweepers = [
    startSweeper({
      ...sweeper,
      name: 'invoices',
      everyMs: 5 * SECOND_MS,
      sweep: (tx) => sweepInvoices(tx, clock.now()),
    }),
    startSweeper({
      ...sweeper,
      name: 'stripe-events',
      everyMs: 5 * SECOND_MS,
      sweep: (tx) => sweepStripeEvents(tx, clock.now()),
    }),
    startSweeper({
      ...sweeper,
      name: 'periods',
      everyMs: MINUTE_MS,
      async sweep(tx) {
        // FLUSHALL deletes schedules for good, so each turn writes them again.
        await writeSchedules(connection, billingSchedules);
        return sweepPeriods(tx, clock.now());
      },
    }),
  ];
  const health = await startHealthServer({
    port: config.HEALTH_PORT,
    host: config.HOST,
    checks: { database: database.ping, queue: connection.ping },
  });
  logger.info({ queue: connection.backend, healthPort: health.port, mode: config.TOLLGATE_MODE }, 'ready');

  return {
    logger,
    steps: [
      ['sweepers', () => Promise.all(sweepers.map((each) => each.stop()))],
      ['consumers', () => Promise.all(consumers.map((consumer) => consumer.close()))],
      ['health', health.close],
      ['queue', connection.close],
      ['database', database.close],
      ['telemetry', telemetry.stop],
    ],
  };
});
