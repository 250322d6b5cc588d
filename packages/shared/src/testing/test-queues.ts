import { randomUUID } from 'node:crypto';
import { describe, inject } from 'vitest';
import { openQueueConnection, type QueueBackend, type QueueConnection } from '../runtime/queue-connection.ts';
import type { TestDatabase } from './test-database.ts';
import { testServers } from './test-servers.ts';

/** The queue backends that this run has servers for. */
export const queueBackends: readonly QueueBackend[] =
  inject('testServers')?.redisUrl == null ? ['postgres'] : ['redis', 'postgres'];

/** Declares the same guarantees on each backend: "… on redis", "… on postgres". */
export function describeOnEachQueue(name: string, declare: (backend: QueueBackend) => void): void {
  describe.each(queueBackends)(`${name} on %s`, declare);
}

/** The address of the backend: the run's Redis, or the test's own database. */
export function queueUrl(backend: QueueBackend, database: Pick<TestDatabase, 'ownerUrl'>): string {
  if (backend === 'postgres') return database.ownerUrl;
  const { redisUrl } = testServers();
  if (redisUrl === null) throw new Error('this run has no Redis');
  return redisUrl;
}

export type TestQueueOptions = {
  workersMax?: number;
  /** The same prefix sees the same queues, as the processes of one system do. */
  prefix?: string;
  /** Another way to the same server. */
  url?: string;
};

/**
 * Opens queues that nobody else sees: a prefix of their own on Redis, the test's database on
 * PostgreSQL. Closing them throws when a worker was left running.
 */
export async function openTestQueue(
  backend: QueueBackend,
  database: Pick<TestDatabase, 'ownerUrl'>,
  options: TestQueueOptions = {},
): Promise<QueueConnection> {
  const { workersMax = 4, prefix = `test-${randomUUID()}`, url = queueUrl(backend, database) } = options;
  const connection = await openQueueConnection({ url, prefix, workersMax });
  const workers: ReturnType<QueueConnection['worker']>[] = [];
  return {
    ...connection,
    worker(...input) {
      const worker = connection.worker(...input);
      workers.push(worker);
      return worker;
    },
    async close() {
      const running = workers.filter((worker) => worker.isRunning());
      await Promise.all(running.map((worker) => worker.close(true)));
      await connection.close();
      if (running.length > 0)
        throw new Error(`workers left running: ${running.map(({ name }) => name).join(', ')}`);
    },
  };
}
