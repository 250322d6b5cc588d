import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import type { TenantOverrides } from '@tollgate/shared/testing/build-tenant.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { letTimePass, skipTime } from '../../infra/chaos/system/pass-time.ts';
import { type SystemParts, startSystem as startServices } from '../../infra/chaos/system/start-system.ts';
import { openOwnDatabase, type SystemDatabase } from '../../infra/chaos/system/system-database.ts';
import { openOwnRedis, postgresQueue } from '../../infra/chaos/system/system-queue.ts';
import { billedTenant, tenantWithKey } from '../../infra/chaos/system/tenants.ts';
import { findRedisServer } from '../../infra/local/redis.ts';
import { temporaryRoot } from '../../infra/local/testing/temporary-root.ts';

export type { ServiceName } from '../../infra/chaos/system/service-process.ts';

export type System = Awaited<ReturnType<typeof startSystem>>;

/** A system on a clone of the run's template, and on a Redis of its own where it uses one. */
export async function startSystem(backend: QueueBackend) {
  const clone = await createTestDatabase();
  const root = temporaryRoot();
  return assemble(
    { ...clone, queueUrl: clone.ownerUrl },
    await openQueue(backend, clone.ownerUrl, root.path),
    root,
    false,
  );
}

type Root = ReturnType<typeof temporaryRoot>;

/** A system whose PostgreSQL and Redis the test may stop; what crashes is started again, as by `npm start`. */
export async function startSystemOnOwnServers(backend: QueueBackend) {
  const root = temporaryRoot();
  const database = await openOwnDatabase(root.dataRoot);
  const queue = await openQueue(backend, database.queueUrl, root.path);
  const system = await assemble(database, queue, root, true);
  return Object.assign(system, { database });
}

async function openQueue(backend: QueueBackend, queueUrl: string, folder: string) {
  if (backend === 'postgres') return postgresQueue(queueUrl);
  // biome-ignore lint/style/noProcessEnv: the machine's PATH tells whether it has Redis.
  const binary = findRedisServer(process.env.PATH);
  if (binary === null) throw new Error('this machine has no redis-server');
  return openOwnRedis(binary, folder);
}

async function assemble<Queue extends SystemParts['queue']>(
  database: SystemDatabase,
  queue: Queue,
  root: Root,
  areServicesRestarted: boolean,
) {
  const { prisma } = database;
  const events: string[] = [];
  const system = await startServices({
    database,
    queue,
    folder: root.path,
    areServicesRestarted,
    onEvent: (event) => void events.push(event),
  });
  return {
    ...system,
    queue,
    prisma,
    /** How services ended that nobody stopped. */
    events,
    tenantWithKey: (overrides: TenantOverrides = {}) => tenantWithKey(prisma, overrides),
    billedTenant: () => billedTenant(prisma, system.stripe.baseUrl),
    emptyQueue: queue.empty,
    letTimePass: (deathAt: Date) => letTimePass(prisma, deathAt),
    skipTime: (ms: number) => skipTime(prisma, ms),
    send: (key: string, body: string, idempotencyKey: string) =>
      system.request(key, { to: '+420777123456', body }, idempotencyKey),
    async close() {
      await system.close();
      root[Symbol.dispose]();
    },
  };
}
