import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isProgramIn, readPid, type StopStep, stopProcess } from './processes.ts';
import type { Log } from './spawn-server.ts';

const REDIS = /(^|\/)(redis|valkey)-server(\s|$)/;

const STEPS: StopStep[] = [
  ['SIGTERM', 20_000],
  ['SIGKILL', 5_000],
];

/**
 * Stops the server that an earlier run left at work in `dataFolder`, found through the folder's own `redis.pid`,
 * and removes that file. No other server is touched. The caller holds the lock of the folder, so the server is
 * nobody's. Throws when it does not stop.
 */
export async function stopOrphanRedis(dataFolder: string, log: Log): Promise<void> {
  const pidFile = join(dataFolder, 'redis.pid');
  const pid = readPid(pidFile);
  if (pid === null) return;
  if (isProgramIn(pid, REDIS, dataFolder)) {
    log(`stopping the Redis (pid ${pid}) that an earlier run left in ${dataFolder}`);
    if (!(await stopProcess(pid, STEPS))) {
      throw new Error(
        `The Redis that an earlier run left in ${dataFolder} (pid ${pid}) does not stop; end it by hand.`,
      );
    }
  }
  rmSync(pidFile, { force: true });
}
