import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Lock, takeLock } from './lock.ts';
import { dataFolders } from './postgres-home.ts';
import { stopOrphanServices } from './services/stop-orphan-services.ts';
import type { Log } from './spawn-server.ts';
import { stopOrphanPostgres } from './stop-orphan-postgres.ts';
import { stopOrphanRedis } from './stop-orphan-redis.ts';

const NAME = '.tollgate';

const Holder = z.object({ pid: z.number(), startedAt: z.string(), url: z.string().optional() });

export type DataFolder = {
  /** The absolute path of `.tollgate`, links resolved. */
  path: string;
  /** Tells whoever tries to start a second time where this instance answers. */
  announce(url: string): void;
  /** Lets the next one start. Harmless when called again. */
  release(): void;
};

/**
 * Makes `<root>/.tollgate`, closed to others, and takes it for this process until `release` or the process's end,
 * however it ends. Throws, naming pid and address, while another instance runs in it.
 */
export function prepareDataFolder(root: string, startedAt: Date): DataFolder {
  const path = makeFolder(root);
  // Passing through stays allowed: PostgreSQL under root runs as another account, whose group was let in.
  chmodSync(path, statSync(path).mode & 0o710);
  const lock = lockOrThrow(path);
  const holder = { pid: process.pid, startedAt: startedAt.toISOString() };
  writeHolder(path, holder);
  return {
    path,
    announce: (url) => writeHolder(path, { ...holder, url }),
    release: () => lock.release(),
  };
}

/** Where the services of a data folder run. */
export function servicesFolder(dataFolder: string): string {
  return join(dataFolder, 'services');
}

/**
 * Removes `<root>/.tollgate` and what PostgreSQL keeps for it outside, after stopping what an earlier run left
 * running. True when there was something to remove. Throws while an instance runs in it.
 */
export async function resetDataFolder(root: string, log: Log): Promise<boolean> {
  const exists = existsSync(join(root, NAME));
  const path = makeFolder(root);
  const { inside, outside } = dataFolders(path);
  const locks = [lockOrThrow(path)];
  try {
    await stopOrphanServices(servicesFolder(path), log);
    for (const server of ['postgres', 'redis']) locks.push(lockServerOrThrow(path, server));
    for (const folder of [inside, outside]) await stopOrphanPostgres(folder, log);
    await stopOrphanRedis(join(path, 'redis'), log);
    const hadOutside = removeOutside(dirname(outside));
    for (const folder of [path, join(root, NAME)]) rmSync(folder, { recursive: true, force: true });
    return exists || hadOutside;
  } finally {
    for (const lock of locks) lock.release();
  }
}

/**
 * Removes what PostgreSQL keeps elsewhere for a `.tollgate` at this path that somebody deleted: its
 * secrets went with it, so nobody can open it any more. For a folder that was made just now.
 */
export async function removeAbandonedData({ path }: Pick<DataFolder, 'path'>, log: Log): Promise<void> {
  const { outside } = dataFolders(path);
  await stopOrphanPostgres(outside, log);
  if (removeOutside(dirname(outside)))
    log('Removed the data of an earlier .tollgate here, which is gone with its secrets.');
}

/** Whether the project folder has a `.tollgate`. */
export function hasDataFolder(root: string): boolean {
  return existsSync(join(root, NAME));
}

function makeFolder(root: string): string {
  mkdirSync(join(root, NAME), { recursive: true, mode: 0o700 });
  return realpathSync(join(root, NAME));
}

function lockServerOrThrow(path: string, server: string): Lock {
  const lock = takeLock(join(path, `${server}.lock`));
  if (lock === null)
    throw new Error(`A running process uses the ${server} server in ${path}. Stop it first.`);
  return lock;
}

function lockOrThrow(path: string): Lock {
  const lock = takeLock(join(path, 'tollgate.lock'));
  if (lock !== null) return lock;
  const holder = readHolder(path);
  const who =
    holder === null ? '' : ` as pid ${holder.pid}, at ${holder.url ?? path} (since ${holder.startedAt})`;
  throw new Error(`Tollgate is already running in ${dirname(path)}${who}. Stop it first.`);
}

// Somebody else's folder of that name was never ours to fill, nor is it ours to remove.
function removeOutside(folder: string): boolean {
  if (!existsSync(folder) || lstatSync(folder).uid !== process.getuid?.()) return false;
  rmSync(folder, { recursive: true });
  return true;
}

function writeHolder(path: string, holder: z.infer<typeof Holder>): void {
  writeFileSync(join(path, 'running.json'), `${JSON.stringify(holder)}\n`, { mode: 0o600 });
}

// Only for the message; the lock decides. It may be missing for a moment after the lock was taken.
function readHolder(path: string): z.infer<typeof Holder> | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(join(path, 'running.json'), 'utf8')));
  } catch {
    return null;
  }
}
