import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openQueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import type { TestServers } from '@tollgate/shared/testing/test-servers.ts';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../infra/local/postgres.ts';
import { dataFolders } from '../infra/local/postgres-home.ts';
import { findRedisServer, startRedis } from '../infra/local/redis.ts';

const run = promisify(execFile);
const migrateProgram = join(import.meta.dirname, '../infra/migrate/main.ts');
const TEMPLATE = 'tollgate_template';

// Nothing of a test run has to survive a power cut.
const postgresSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export type Cleanup = () => unknown;

/**
 * Vitest's global setup: one PostgreSQL cluster, and one Redis where the machine has it, for all
 * projects of the run. The first project that asks starts them and tells the others.
 */
export default async function startTestServers(project: TestProject): Promise<Cleanup | undefined> {
  const root = project.vitest.getRootProject();
  if (root.getProvidedContext().testServers) return undefined;
  const cleanups: Cleanup[] = [];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const servers = await startServers(cleanups);
    root.provide('testServers', servers);
    process.stdout.write(
      servers.redisUrl === null
        ? 'no redis-server on PATH: queue tests run on postgres only\n'
        : 'queue tests run on redis and postgres\n',
    );
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts the servers of a run; what is pushed to `cleanups` ends them, to be run in reverse order. */
export async function startServers(cleanups: Cleanup[]): Promise<TestServers> {
  const dataRoot = temporaryFolder(cleanups);
  const password = randomBytes(12).toString('hex');
  const log = () => undefined;
  const postgres = await startPostgres({ dataRoot, password, log, settings: postgresSettings });
  cleanups.push(postgres.stop);
  const appPassword = randomBytes(12).toString('hex');
  await makeTemplate(postgres.url(), postgres.url(TEMPLATE), appPassword);

  // biome-ignore lint/style/noProcessEnv: like a main.ts, this is where a run meets its environment.
  const binary = findRedisServer(process.env.PATH);
  const redis = binary === null ? null : await startRedis({ binary, dataRoot, log });
  if (redis) cleanups.push(redis.stop);
  return { serverUrl: postgres.url(), template: TEMPLATE, appPassword, redisUrl: redis?.url ?? null };
}

function temporaryFolder(cleanups: Cleanup[]): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'tollgate-test-')));
  const outside = dirname(dataFolders(path).outside);
  cleanups.push(() => {
    for (const folder of [outside, path]) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  return path;
}

/** A migrated database to clone, with BullMQ's tables, so that no test file waits for migrations. */
async function makeTemplate(serverUrl: string, templateUrl: string, appPassword: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    // In a process of its own: the schema engine's lock timer would keep this one alive for ten seconds.
    await run(process.execPath, [migrateProgram, 'migrate'], { env: { DATABASE_URL: templateUrl } });
    const queues = await openQueueConnection({ url: templateUrl, prefix: 'template', workersMax: 0 });
    await queues.close();
    await client.query(`ALTER ROLE tollgate_app LOGIN PASSWORD '${appPassword}'`);
  } finally {
    await client.end();
  }
}
