import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLogLine } from '../log/parse-log-line.ts';
import { type ServerChild, spawnServer } from '../spawn-server.ts';
import { waitUntil } from '../wait-until.ts';
import type { ServiceDefinition, ServiceName } from './definitions.ts';

const READY_MS = 60_000;
// A service closes itself within 30 s, come what may.
const STOP_MS = 35_000;
const KILL_MS = 5_000;

/** What Node.js compiled is kept for the next process: services start in half the time. */
const compileCache = join(import.meta.dirname, '../../../node_modules/.cache/node-compile');

export type LaunchDeps = {
  /** Working directory of the services and home of their pid files: how a later start knows them again. */
  folder: string;
  /** PATH, HOME and TZ of the user. */
  baseEnvironment: Record<string, string>;
  onLine(service: ServiceName, line: string): void;
  /** Ends the wait for a service that is not yet ready. */
  abort: AbortSignal;
};

export type LaunchedService = {
  child: ServerChild;
  /** The fields of the line by which it said that it is ready. */
  ready: Record<string, unknown>;
};

/** Runs a service until it says that it is ready. Throws when it ends before that or takes too long. */
export async function launchService(service: ServiceDefinition, deps: LaunchDeps): Promise<LaunchedService> {
  mkdirSync(deps.folder, { recursive: true, mode: 0o700 });
  let ready: Record<string, unknown> | undefined;
  const child = await spawnServer({
    command: process.execPath,
    args: [service.program],
    account: null,
    environment: { NODE_COMPILE_CACHE: compileCache, ...deps.baseEnvironment, ...service.environment },
    folder: deps.folder,
    log(text) {
      const line = parseLogLine(text);
      if (line?.message === service.readyMessage) ready ??= line.fields;
      deps.onLine(service.name, text);
    },
  });
  const pidFile = join(deps.folder, `${service.name}.pid`);
  writeFileSync(pidFile, `${child.pid}\n`, { mode: 0o600 });
  void child.exited.then(() => rmSync(pidFile, { force: true }));
  const isOver = () => ready !== undefined || child.hasExited() || deps.abort.aborted;
  await waitUntil(READY_MS, isOver);
  if (ready !== undefined && !child.hasExited()) return { child, ready };
  const how = child.hasExited() ? `it ended with ${await child.exited}` : `not within ${READY_MS / 1_000} s`;
  await stopService(child);
  deps.abort.throwIfAborted();
  throw new Error(`${service.name} did not become ready: ${how}`);
}

/** Lets the service finish what it does, at most 35 s, then kills it. Throws when even that does not end it. */
export async function stopService(child: ServerChild): Promise<void> {
  for (const [signal, limitMs] of [['SIGTERM', STOP_MS] as const, ['SIGKILL', KILL_MS] as const]) {
    if (child.hasExited()) return;
    child.signal(signal);
    if (await child.endsWithin(limitMs)) return;
  }
  throw await child.failure('Stopping a service failed');
}
