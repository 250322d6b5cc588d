import type { z } from 'zod';
import { type Clock, systemClock } from '../time/clock.ts';
import type { commonConfig } from './config.ts';
import { type Database, openDatabase } from './database.ts';
import { type HealthChecks, startHealthServer } from './health.ts';
import { createLogger, type Logger } from './logger.ts';
import { createProducer } from './producer.ts';
import { openQueueConnection, type QueueConnection } from './queue-connection.ts';
import type { ShutdownStep } from './shutdown.ts';
import { startTelemetry } from './telemetry.ts';
import type { TransactionDeps } from './transaction.ts';

export type CommonConfig = z.infer<z.ZodObject<typeof commonConfig>>;

export type OpenService = {
  clock: Clock;
  logger: Logger;
  prisma: Database['prisma'];
  connection: QueueConnection;
  /** What `inTransaction` needs. */
  transactions: TransactionDeps;
  healthChecks: HealthChecks;
  /** Closes the connections, after what uses them has stopped. */
  closing: ShutdownStep[];
};

export type ServiceOptions = {
  name: string;
  config: CommonConfig;
  /** How many queues the service consumes. */
  workersMax: number;
};

/** Opens what every service needs: log, traces, database, queue. */
export async function openService({ name, config, workersMax }: ServiceOptions): Promise<OpenService> {
  const logger = createLogger({ service: name, level: config.LOG_LEVEL });
  const telemetry = await startTelemetry({ serviceName: name, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  const database = openDatabase({ url: config.DATABASE_URL, applicationName: `tollgate-${name}` });
  const connection = await openQueueConnection({
    url: config.QUEUE_URL,
    prefix: config.QUEUE_PREFIX,
    workersMax,
  });
  const { prisma } = database;
  return {
    clock: systemClock,
    logger,
    prisma,
    connection,
    transactions: { prisma, producer: createProducer({ connection, logger }) },
    healthChecks: { database: database.ping, queue: connection.ping },
    closing: [
      ['queue', connection.close],
      ['database', database.close],
      ['telemetry', telemetry.stop],
    ],
  };
}

export type Worker = {
  /** What takes new work by itself; stopped first. */
  sweepers: readonly { stop(): Promise<void> }[];
  consumers: readonly { close(): Promise<void> }[];
  /** What consumers use and the service opened itself; closed after them. */
  closing?: ShutdownStep[];
};

/**
 * Says that a worker is ready, answers questions about its health, and returns its shutdown: take no
 * new work, finish what runs, then close connections.
 */
export async function announceWorker(
  service: OpenService,
  config: CommonConfig,
  { sweepers, consumers, closing = [] }: Worker,
): Promise<{ logger: Logger; steps: ShutdownStep[] }> {
  const { logger, connection, healthChecks } = service;
  const health = await startHealthServer({
    port: config.HEALTH_PORT,
    host: config.HOST,
    checks: healthChecks,
  });
  logger.info({ queue: connection.backend, healthPort: health.port, mode: config.TOLLGATE_MODE }, 'ready');
  return {
    logger,
    steps: [
      ['sweepers', () => Promise.all(sweepers.map((sweeper) => sweeper.stop()))],
      ['consumers', () => Promise.all(consumers.map((consumer) => consumer.close()))],
      ...closing,
      ['health', health.close],
      ...service.closing,
    ],
  };
}
