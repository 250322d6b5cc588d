import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import * as queues from '@tollgate/shared/queues/catalog.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { consume } from '@tollgate/shared/runtime/consumer.ts';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { startHealthServer } from '@tollgate/shared/runtime/health.ts';
import { createLogger } from '@tollgate/shared/runtime/logger.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { openQueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { startTelemetry } from '@tollgate/shared/runtime/telemetry.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import { UsageAggregatorConfig } from './config.ts';
import { rollUpUsage } from './roll-up-usage/roll-up-usage.ts';
import { sweepUsage } from './sweep/sweep-usage.ts';

const name = 'usage-aggregator';

await runService(process, name, async () => {
  const config = readConfig(UsageAggregatorConfig, process.env);
  const clock = systemClock;
  const logger = createLogger({ service: name, level: config.LOG_LEVEL });
  const telemetry = await startTelemetry({ serviceName: name, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  const database = openDatabase({ url: config.DATABASE_URL, applicationName: `tollgate-${name}` });
  const connection = await openQueueConnection({
    url: config.QUEUE_URL,
    prefix: config.QUEUE_PREFIX,
    workersMax: 1,
  });
  const { prisma } = database;
  const transactions = { prisma, producer: createProducer({ connection, logger }) };

  const consumer = consume({
    connection,
    logger,
    bury: createBurial({ prisma, clock }),
    queue: queues.rollUpUsage,
    concurrency: 4,
    async handle({ tenantId }) {
      const events = await rollUpUsage(transactions, tenantId);
      logger.debug({ tenantId, events }, 'rolled up');
    },
  });
  const sweeper = startSweeper({
    ...transactions,
    logger,
    name: 'usage',
    everyMs: MINUTE_MS,
    sweep: sweepUsage,
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
      ['consumer', consumer.close],
      ['health', health.close],
      ['queue', connection.close],
      ['database', database.close],
      ['telemetry', telemetry.stop],
    ],
  };
});
