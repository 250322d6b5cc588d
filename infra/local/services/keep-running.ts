import { setTimeout as delay } from 'node:timers/promises';
import type { ServerChild } from '../spawn-server.ts';
import type { ServiceDefinition, ServiceName } from './definitions.ts';
import { type LaunchDeps, type LaunchedService, launchService, stopService } from './launch-service.ts';
import { countCrashes, restartDelayMs } from './restart-delay.ts';

export type KeepRunningDeps = Omit<LaunchDeps, 'abort'> & {
  /** Hears of each crash, and when the service will be started again; null for never. */
  onCrash(service: ServiceName, failure: Error, restartInMs: number | null): void;
  /** Hears that a service is ready again after a crash. */
  onRestart(service: ServiceName): void;
  /** Whether a service that crashed is started again. */
  canRestart: boolean;
};

export type KeptService = {
  name: ServiceName;
  /** The process of its present life; null between two lives. */
  child(): ServerChild | null;
  /** Ends it in order, or the wait for its next start. Harmless when called again. */
  stop(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
};

/** Watches a launched service: when it crashes, says so and, if wanted, starts it again after a growing pause. */
export function keepRunning(
  service: ServiceDefinition,
  launched: LaunchedService,
  deps: KeepRunningDeps,
): KeptService {
  const stopping = new AbortController();
  let current: LaunchedService | null = launched;
  const watched = watch();

  async function watch(): Promise<void> {
    let crashes = 0;
    while (!stopping.signal.aborted) {
      const startedMs = performance.now();
      const failure = await runToEnd();
      current = null;
      if (stopping.signal.aborted) return;
      crashes = countCrashes(crashes, performance.now() - startedMs);
      deps.onCrash(service.name, failure, deps.canRestart ? restartDelayMs(crashes) : null);
      if (!deps.canRestart) return;
      await delay(restartDelayMs(crashes), undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  // The first life was launched by the caller; a later one is launched here, and may fail before it is ready.
  async function runToEnd(): Promise<Error> {
    try {
      if (current === null) {
        current = await launchService(service, { ...deps, abort: stopping.signal });
        deps.onRestart(service.name);
      }
      return new Error(`${service.name} ended unexpectedly with ${await current.child.exited}`);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  return {
    name: service.name,
    child: () => current?.child ?? null,
    async stop() {
      stopping.abort();
      if (current !== null) await stopService(current.child);
      await watched;
    },
    kill() {
      stopping.abort();
      current?.child.signal('SIGKILL');
    },
  };
}
