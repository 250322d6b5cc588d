import { startSystem } from '../infra/chaos/system/start-system.ts';
import { openOwnDatabase } from '../infra/chaos/system/system-database.ts';
import { openOwnRedis, postgresQueue } from '../infra/chaos/system/system-queue.ts';

export type SystemOptions = {
  /** A folder of its own for all data. */
  folder: string;
  /** The Redis program; null takes the PostgreSQL queue. */
  redisBinary: string | null;
};

/** Services as processes on servers of their own, with the durability of production; a service that ends ends the run. */
export async function withSystem({ folder, redisBinary }: SystemOptions) {
  const database = await openOwnDatabase(folder, { fsync: 'on', full_page_writes: 'on' });
  const queue =
    redisBinary === null ? postgresQueue(database.queueUrl) : await openOwnRedis(redisBinary, folder);
  const onEvent = (event: string) => {
    throw new Error(event);
  };
  const system = await startSystem({ database, queue, folder, areServicesRestarted: false, onEvent });
  return { system, backend: queue.backend, queueUrl: queue.url, [Symbol.asyncDispose]: () => system.close() };
}
