import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgramsIn, isProgramIn, readPid, type StopStep, stopProcess } from '../processes.ts';
import type { Log } from '../spawn-server.ts';

const NODE = /(^|\/)node(\s|$)/;

// Their database is going away under them; what they held is taken up again by the next sweep.
const STEPS: StopStep[] = [
  ['SIGTERM', 5_000],
  ['SIGKILL', 5_000],
];

/**
 * Stops the services that an earlier run left at work in `folder`: those of its pid files and, on Linux, those whose
 * pid was never written down. The caller holds the lock of the data folder, so they are nobody's.
 */
export async function stopOrphanServices(folder: string, log: Log): Promise<void> {
  if (!existsSync(folder)) return;
  const path = realpathSync(folder);
  const files = readdirSync(path).filter((name) => name.endsWith('.pid'));
  const noted = files.map((name) => readPid(join(path, name))).filter((pid) => pid !== null);
  const orphans = new Set([
    ...noted.filter((pid) => isProgramIn(pid, NODE, path)),
    ...findProgramsIn(NODE, path),
  ]);
  await Promise.all([...orphans].map((pid) => stopOrThrow(pid, path, log)));
  for (const name of files) rmSync(join(path, name), { force: true });
}

async function stopOrThrow(pid: number, folder: string, log: Log): Promise<void> {
  log(`stopping the service (pid ${pid}) that an earlier run left in ${folder}`);
  if (await stopProcess(pid, STEPS)) return;
  throw new Error(`The service that an earlier run left (pid ${pid}) does not stop; end it by hand.`);
}
