import { commonConfig, configTypes, readConfig } from '@tollgate/shared/runtime/config.ts';
import { createLogger, type Logger } from '@tollgate/shared/runtime/logger.ts';
import { openQueueConnection, type QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { z } from 'zod';
import type { Surroundings } from './command.ts';

const QueueConfig = z.object({
  QUEUE_URL: configTypes.urlWithProtocol('redis', 'rediss', 'postgres', 'postgresql'),
  QUEUE_PREFIX: commonConfig.QUEUE_PREFIX,
});

/** Lends the queues to a command. Throws ConfigError when the environment does not name them. */
export async function withQueue<Result>(
  { environment }: Pick<Surroundings, 'environment'>,
  work: (queues: { connection: QueueConnection; logger: Logger }) => Promise<Result>,
): Promise<Result> {
  const { QUEUE_URL: url, QUEUE_PREFIX: prefix } = readConfig(QueueConfig, environment);
  const connection = await openQueueConnection({ url, prefix, workersMax: 0 });
  // The answer is the command's only output; a wake-up that is not added is made up for by the sweeps.
  const logger = createLogger({ service: 'cli', level: 'silent' });
  try {
    return await work({ connection, logger });
  } finally {
    await connection.close();
  }
}
