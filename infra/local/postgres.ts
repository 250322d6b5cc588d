import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { findFreePort, isPortFree } from './free-port.ts';
import { takeLock } from './lock.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { ensureCluster } from './postgres-cluster.ts';
import { type PostgresHome, preparePostgresHome } from './postgres-home.ts';
import { type Log, type ServerChild, spawnServer } from './spawn-server.ts';
import { stopOrphanPostgres } from './stop-orphan-postgres.ts';
import { waitUntil } from './wait-until.ts';

// Recovery after a crash happens before the server is ready.
const READY_MS = 120_000;
const CONNECT_MS = 10_000;
const FAST_SHUTDOWN_MS = 20_000;
const IMMEDIATE_SHUTDOWN_MS = 10_000;
const PORT_ATTEMPTS_MAX = 5;

export type StartPostgresOptions = {
  /** The folder that gets the data; made if missing. As root below a closed folder the data goes elsewhere. */
  dataRoot: string;
  /** The superuser's password. */
  password: string;
  /** Receives each line the server logs. */
  log: Log;
  /** Server settings by name; they win over ours, but not over address and port. */
  settings?: Record<string, string>;
  /** Proposes a port for each attempt. */
  findPort?: () => Promise<number>;
};

export type LocalPostgres = {
  /** The superuser's connection string for a database, `postgres` by default. */
  url(database?: string): string;
  port: number;
  pid: number;
  lifelinePid: number;
  dataFolder: string;
  /** Whether this start made the data folder. */
  isNew: boolean;
  /** Resolves with how the server ended, be it stopped or crashed. */
  exited: Promise<string>;
  /** Ends all sessions and stops the server; throws when it does not stop. Harmless when called again. */
  stop(): Promise<void>;
};

/**
 * Starts the PostgreSQL of `dataRoot` on a free port of 127.0.0.1, after making its data folder or stopping what an
 * earlier run left there. Throws, with the server's last lines, when that fails or a running process uses the folder.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<LocalPostgres> {
  mkdirSync(options.dataRoot, { recursive: true, mode: 0o700 });
  const dataRoot = realpathSync(options.dataRoot);
  const lock = takeLock(join(dataRoot, 'postgres.lock'));
  if (lock === null) throw new Error(`A running process already uses the PostgreSQL of ${dataRoot}.`);
  try {
    const home = preparePostgresHome(dataRoot, findPostgresBinaries(), options.log);
    await stopOrphanPostgres(home.data, options.log);
    const isSafeOnPowerLoss = options.settings?.fsync !== 'off';
    const isNew = await ensureCluster(home, {
      password: options.password,
      isSafeOnPowerLoss,
      log: options.log,
    });
    const { server, port } = await startOnFreePort(home, options);
    void server.exited.then(() => lock.release());
    return { ...describeServer(server, port, options.password), dataFolder: home.data, isNew };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startOnFreePort(home: PostgresHome, options: StartPostgresOptions) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await (options.findPort ?? findFreePort)();
    const args = ['-D', home.data, ...settingArguments(port, options.settings)];
    const command = join(home.binaries, 'bin', 'postgres');
    const server = await spawnServer({ command, args, account: home.account, log: options.log });
    const isReady = () => isServerReady(home.data, server.pid);
    await waitUntil(READY_MS, () => server.hasExited() || isReady());
    if (!server.hasExited() && isReady()) {
      await checkLogin(server, port, options.password);
      return { server, port };
    }
    // Whether the port was the trouble is asked of the port: it may have been taken since we looked.
    const isPortTaken = server.hasExited() && !(await isPortFree(port));
    if (!isPortTaken || attempt === PORT_ATTEMPTS_MAX) {
      throw await giveUp(server, `Starting PostgreSQL in ${home.data} on port ${port} failed`);
    }
  }
}

function settingArguments(port: number, settings: Record<string, string> = {}): string[] {
  const all = {
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    logging_collector: 'off',
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

// The eighth line of the pid file is how PostgreSQL tells its own pg_ctl that it takes connections.
function isServerReady(dataFolder: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

async function checkLogin(server: ServerChild, port: number, password: string): Promise<void> {
  const client = new pg.Client({
    connectionString: superuserUrl(port, password, 'postgres'),
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
  } catch (cause) {
    const step =
      cause instanceof pg.DatabaseError && cause.code === '28P01'
        ? 'The password does not fit the existing PostgreSQL data (was the secrets file replaced? `npm run reset` starts over)'
        : 'The first connection to PostgreSQL failed';
    throw await giveUp(server, step, cause);
  } finally {
    await client.end();
  }
}

async function giveUp(server: ServerChild, step: string, cause?: unknown): Promise<Error> {
  const failure = await server.failure(step);
  failure.cause = cause;
  await stopServer(server);
  return failure;
}

function describeServer(server: ServerChild, port: number, password: string) {
  let stopped: Promise<void> | undefined;
  return {
    url: (database = 'postgres') => superuserUrl(port, password, database),
    port,
    pid: server.pid,
    lifelinePid: server.lifelinePid,
    exited: server.exited,
    stop() {
      stopped ??= stopServer(server);
      return stopped;
    },
  };
}

async function stopServer(server: ServerChild): Promise<void> {
  if (server.hasExited()) return;
  server.signal('SIGINT');
  if (await server.endsWithin(FAST_SHUTDOWN_MS)) return;
  server.signal('SIGQUIT');
  if (await server.endsWithin(IMMEDIATE_SHUTDOWN_MS)) return;
  throw await server.failure('Stopping PostgreSQL failed');
}

function superuserUrl(port: number, password: string, database: string): string {
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}
