import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgramsIn, isProgramIn, readPid, type StopStep, stopProcess } from './processes.ts';
import type { Log } from './spawn-server.ts';

// The server itself, or one of its children under their own titles ("postgres: walwriter").
const POSTGRES = /(^|\/)postgres(:|\s|$)/;

const SERVER_STEPS: StopStep[] = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 10_000],
];
// A child of a killed server leaves by itself at once, unless it is in the middle of a query.
const CHILD_STEPS: StopStep[] = [
  ['SIGTERM', 2_000],
  ['SIGQUIT', 5_000],
];

/**
 * Stops the server that an earlier run left at work in `dataFolder`, found through the folder's own
 * `postmaster.pid`, and removes that file when it is stale. No other server is touched. The caller holds the lock
 * of the folder, so the server is nobody's. Throws when it does not stop.
 */
export async function stopOrphanPostgres(dataFolder: string, log: Log): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  const pid = readPid(pidFile);
  if (pid === null) return;
  if (isProgramIn(pid, POSTGRES, dataFolder)) {
    log(`stopping the PostgreSQL (pid ${pid}) that an earlier run left in ${dataFolder}`);
    await stopOrThrow(pid, SERVER_STEPS, dataFolder);
  }
  // They keep the server's shared memory, with which a new server refuses to start.
  await stopPostgresProcesses(dataFolder);
  // PostgreSQL would take any process that has the pid by now for its predecessor.
  rmSync(pidFile, { force: true });
}

/** Stops the PostgreSQL processes that still work in the folder without a server. Finds them on Linux only. */
export async function stopPostgresProcesses(dataFolder: string): Promise<void> {
  for (const pid of findProgramsIn(POSTGRES, dataFolder)) await stopOrThrow(pid, CHILD_STEPS, dataFolder);
}

async function stopOrThrow(pid: number, steps: StopStep[], dataFolder: string): Promise<void> {
  if (await stopProcess(pid, steps)) return;
  throw new Error(
    `The PostgreSQL that an earlier run left in ${dataFolder} (pid ${pid}) does not stop; end it by hand.`,
  );
}
