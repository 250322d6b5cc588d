import { accessSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { findFreePort, isPortFree } from './free-port.ts';
import { takeLock } from './lock.ts';
import { pingRedis } from './ping-redis.ts';
import { type Log, type ServerChild, spawnServer } from './spawn-server.ts';
import { stopOrphanRedis } from './stop-orphan-redis.ts';
import { waitUntil } from './wait-until.ts';

// A large append-only file is read before the server answers.
const READY_MS = 60_000;
const SHUTDOWN_MS = 20_000;
const KILL_MS = 5_000;
const PORT_ATTEMPTS_MAX = 5;

export type StartRedisOptions = {
  /** The server program, as found by `findRedisServer`. */
  binary: string;
  /** The folder that gets the data; made if missing. */
  dataRoot: string;
  /** Receives each line the server logs. */
  log: Log;
  password?: string;
  /** Proposes a port for each attempt. */
  findPort?: () => Promise<number>;
};

export type LocalRedis = {
  url: string;
  port: number;
  pid: number;
  lifelinePid: number;
  dataFolder: string;
  /** Resolves with how the server ended, be it stopped or crashed. */
  exited: Promise<string>;
  /** Writes everything down and stops; throws when it does not stop. Harmless when called again. */
  stop(): Promise<void>;
  /** Ends the server as a crash would (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>;
};

/** The absolute path of `redis-server`, else of `valkey-server`, on the given PATH; null when there is neither. */
export function findRedisServer(path: string | undefined): string | null {
  // A relative entry would run whatever the current folder holds.
  const folders = (path ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const candidates = ['redis-server', 'valkey-server'].flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return candidates.find(isProgram) ?? null;
}

/**
 * Starts the private Redis of `dataRoot` on a free port of 127.0.0.1, after stopping what an earlier run left there.
 * Throws, with the server's last lines, when that fails or a running process uses the folder.
 */
export async function startRedis(options: StartRedisOptions): Promise<LocalRedis> {
  mkdirSync(join(options.dataRoot, 'redis'), { recursive: true, mode: 0o700 });
  const dataFolder = realpathSync(join(options.dataRoot, 'redis'));
  const lock = takeLock(`${dataFolder}.lock`);
  if (lock === null) throw new Error(`A running process already uses the Redis of ${dataFolder}.`);
  try {
    await stopOrphanRedis(dataFolder, options.log);
    const { server, port } = await startOnFreePort(dataFolder, options);
    void server.exited.then(() => lock.release());
    return { ...describeServer(server, port, options.password), dataFolder };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startOnFreePort(dataFolder: string, options: StartRedisOptions) {
  for (let attempt = 1; ; attempt += 1) {
    const port = await (options.findPort ?? findFreePort)();
    // The configuration goes through standard input: arguments and files could show the password to others.
    const input = configuration(dataFolder, port, options.password);
    const server = await spawnServer({
      command: options.binary,
      args: ['-'],
      account: null,
      log: options.log,
      input,
    });
    const target = { port, pid: server.pid, password: options.password };
    let isReady = false;
    await waitUntil(READY_MS, async () => {
      isReady = !server.hasExited() && (await pingRedis(target));
      return isReady || server.hasExited();
    });
    if (isReady) return { server, port };
    // Whether the port was the trouble is asked of the port: it may have been taken since we looked.
    const isPortTaken = server.hasExited() && !(await isPortFree(port));
    if (!isPortTaken || attempt === PORT_ATTEMPTS_MAX) {
      const failure = await server.failure(`Starting Redis in ${dataFolder} on port ${port} failed`);
      await kill(server);
      throw failure;
    }
  }
}

function configuration(dataFolder: string, port: number, password: string | undefined): string {
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    'protected-mode': 'yes',
    daemonize: 'no',
    dir: quote(dataFolder),
    pidfile: quote(join(dataFolder, 'redis.pid')),
    // Jobs that wait must survive a restart, and must never be evicted to make room.
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '""',
    'maxmemory-policy': 'noeviction',
    ...(password === undefined ? {} : { requirepass: quote(password) }),
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}

function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function describeServer(server: ServerChild, port: number, password: string | undefined) {
  let stopped: Promise<void> | undefined;
  const login = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return {
    url: `redis://${login}127.0.0.1:${port}`,
    port,
    pid: server.pid,
    lifelinePid: server.lifelinePid,
    exited: server.exited,
    stop() {
      stopped ??= stop(server);
      return stopped;
    },
    kill: () => kill(server),
  };
}

async function stop(server: ServerChild): Promise<void> {
  if (server.hasExited()) return;
  server.signal('SIGTERM');
  if (!(await server.endsWithin(SHUTDOWN_MS))) throw await server.failure('Stopping Redis failed');
}

async function kill(server: ServerChild): Promise<void> {
  if (server.hasExited()) return;
  server.signal('SIGKILL');
  if (!(await server.endsWithin(KILL_MS))) throw await server.failure('Killing Redis failed');
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
