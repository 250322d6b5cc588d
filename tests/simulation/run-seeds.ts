import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { TestServers } from '@tollgate/shared/testing/test-servers.ts';
import { createFaultCounts, type FaultCounts } from './fault-counts.ts';
import type { RunResult } from './run-seed.ts';
import type { Order } from './worker.ts';

/** One more than there are cores, because a worker waits for PostgreSQL a third of its time. */
export const WORKERS = availableParallelism() + 1;

export type RunSeedsOptions = {
  servers: TestServers;
  seeds: readonly number[];
  /** Processes that run them. */
  workers?: number;
  /** Whether results carry their step logs. */
  withSteps?: boolean;
  /** Told each result as it comes; what it returns says whether to go on. */
  onResult?: (result: RunResult) => 'go on' | 'stop';
};

export type SeedsReport = { results: RunResult[]; counts: FaultCounts };

/** Runs the seeds in worker processes, each with a database of its own; results in the order of the seeds, those that were run. */
export async function runSeeds(options: RunSeedsOptions): Promise<SeedsReport> {
  const { servers, seeds, workers = WORKERS, withSteps = false, onResult = () => 'go on' } = options;
  const results = new Map<number, RunResult>();
  const counts = createFaultCounts();
  const queue = seeds.values();
  let isStopped = false;

  async function work(): Promise<void> {
    const worker = fork(join(import.meta.dirname, 'worker.ts'), { stdio: 'inherit' });
    const ended = once(worker, 'exit');
    try {
      // Here, because a worker's own random bytes are the same every time.
      await ask(worker, { servers, database: `simulation_${randomUUID().replaceAll('-', '')}` });
      for (const seed of queue) {
        const result = (await ask(worker, { seed, withSteps })) as RunResult;
        results.set(seed, result);
        for (const [name, times] of Object.entries(result.counts)) counts.add(name, times);
        if (onResult(result) === 'stop') isStopped = true;
        if (isStopped) break;
      }
      worker.send({ stop: true } satisfies Order);
      await ended;
    } finally {
      worker.kill();
    }
  }

  await Promise.all(Array.from({ length: Math.min(workers, seeds.length) }, work));
  return { results: seeds.flatMap((seed) => results.get(seed) ?? []), counts };
}

/** Tells the worker something and waits for its answer; throws when it ends instead. */
async function ask(worker: ChildProcess, order: Order): Promise<unknown> {
  const answered = new AbortController();
  const { signal } = answered;
  try {
    worker.send(order);
    const death = once(worker, 'exit', { signal }).then(([code]) => {
      throw new Error(`a worker ended with ${code} at ${JSON.stringify(order).slice(0, 40)}`);
    });
    const [message] = await Promise.race([once(worker, 'message', { signal }), death]);
    return message;
  } finally {
    answered.abort();
  }
}
