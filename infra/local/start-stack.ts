import { join } from 'node:path';
import {
  type DataFolder,
  hasDataFolder,
  prepareDataFolder,
  removeAbandonedData,
  servicesFolder,
} from './data-folder.ts';
import { prepareDatabase, prepareQueueDatabase } from './databases.ts';
import { type LocalPostgres, startPostgres } from './postgres.ts';
import { findRedisServer, type LocalRedis, startRedis } from './redis.ts';
import { loadOrCreateSecrets, type Secrets } from './secrets.ts';
import { stopOrphanServices } from './services/stop-orphan-services.ts';
import type { Shutdown } from './shutdown.ts';
import type { Progress } from './terminal/progress.ts';

export type StackDeps = {
  root: string;
  /** Where a Redis server is looked for. */
  path: string | undefined;
  startedAt: Date;
  progress: Progress;
  shutdown: Shutdown;
  /** Receives each line that a server logs. */
  onServerLine(server: 'postgres' | 'redis', line: string): void;
  /** Says something that the user should know. */
  say(line: string): void;
  /** Hears that a server ended which nobody stopped. */
  onServerLost(what: string): void;
};

export type Stack = {
  folder: DataFolder;
  secrets: Secrets;
  /** Whether the secrets were made now, and the operator password was never shown. */
  isNew: boolean;
  databaseUrl: string;
  queueUrl: string;
};

/** Starts PostgreSQL and the queue of a data folder, with schema and roles as the services need them. */
export async function startStack(deps: StackDeps): Promise<Stack> {
  const { progress, shutdown, say } = deps;
  const isFirst = !hasDataFolder(deps.root);
  const folder = prepareDataFolder(deps.root, deps.startedAt);
  if (isFirst) await removeAbandonedData(folder, say);
  await stopOrphanServices(servicesFolder(folder.path), say);
  const { secrets, created } = loadOrCreateSecrets(join(folder.path, 'secrets.json'));

  shutdown.checkpoint();
  const postgres = await progress.step(
    'PostgreSQL',
    () => startDatabaseServer(deps, folder, secrets),
    describe,
  );
  shutdown.checkpoint();
  const { url: databaseUrl } = await progress.step(
    'database',
    () => prepareDatabase(postgres, secrets.appRolePassword),
    ({ applied }) => (applied.length === 0 ? 'up to date' : `${applied.length} migration(s) applied`),
  );
  shutdown.checkpoint();
  const queueUrl = await startQueue(deps, folder, postgres, secrets);
  return { folder, secrets, isNew: created, databaseUrl, queueUrl };
}

const describe = ({ port, isNew }: LocalPostgres) => `127.0.0.1:${port}${isNew ? ', new' : ''}`;

async function startDatabaseServer(deps: StackDeps, folder: DataFolder, secrets: Secrets) {
  const server = await startPostgres({
    dataRoot: folder.path,
    password: secrets.postgresPassword,
    log: (line) => deps.onServerLine('postgres', line),
  });
  keepWatch(deps, 'PostgreSQL', server);
  return server;
}

async function startQueue(deps: StackDeps, folder: DataFolder, postgres: LocalPostgres, secrets: Secrets) {
  const binary = findRedisServer(deps.path);
  if (binary === null) {
    return deps.progress.step(
      'queue',
      () => prepareQueueDatabase(postgres, secrets.queuePassword),
      () => 'in PostgreSQL, as there is no redis-server on PATH',
    );
  }
  const redis = await deps.progress.step(
    'Redis',
    async () => {
      const server = await startRedis({
        binary,
        dataRoot: folder.path,
        password: secrets.queuePassword,
        log: (line) => deps.onServerLine('redis', line),
      });
      keepWatch(deps, 'Redis', server);
      return server;
    },
    ({ port }) => `127.0.0.1:${port}`,
  );
  return redis.url;
}

function keepWatch(deps: StackDeps, name: string, server: LocalPostgres | LocalRedis): void {
  let isStopping = false;
  deps.shutdown.add(name, () => {
    isStopping = true;
    return server.stop();
  });
  void server.exited.then((how) => {
    if (!isStopping) deps.onServerLost(`${name} ended unexpectedly with ${how}`);
  });
}
