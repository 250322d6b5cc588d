import type { Logger } from './logger.ts';
import { inTransaction, type Transaction, type TransactionDeps } from './transaction.ts';

export type SweeperOptions = TransactionDeps & {
  logger: Logger;
  /** Names the advisory lock: of all processes that sweep under one name, one works at a time. */
  name: string;
  everyMs: number;
  /** Whether the jobs of earlier sweeps are still piling up; then there is nothing to wake. */
  isBacklogged?: () => Promise<boolean>;
  /** Finds due rows, pushes their wake_at forward and enqueues them; returns how many. */
  sweep: (tx: Transaction) => Promise<number>;
};

export type Sweeper = {
  /** Sweeps now; returns the number of rows woken, 0 also when another process is sweeping. */
  sweepNow(): Promise<number>;
  /** Resolves when a running sweep has ended and no other will start. */
  stop(): Promise<void>;
};

/**
 * Wakes rows that no job will wake: the guarantee behind the queue. The lock is held by the sweep's
 * own transaction, so it works through a transaction pooler and dies with its process.
 */
export function startSweeper({
  logger,
  name,
  everyMs,
  isBacklogged,
  sweep,
  ...deps
}: SweeperOptions): Sweeper {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();

  const sweepNow = () =>
    inTransaction(deps, async (tx) => {
      const [lock] = await tx.db.$queryRaw<[{ taken: boolean }]>`
        SELECT pg_try_advisory_xact_lock(hashtextextended(${`tollgate sweep ${name}`}, 0)) AS taken`;
      return lock.taken ? sweep(tx) : 0;
    });

  async function tick(): Promise<void> {
    try {
      const woken = (await isBacklogged?.()) ? 0 : await sweepNow();
      if (woken > 0) logger.info({ sweep: name, woken }, 'sweep woke rows');
    } catch (error) {
      logger.warn({ err: error, sweep: name }, 'sweep failed; trying again at the next turn');
    }
    schedule();
  }

  function schedule(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = tick();
    }, everyMs);
  }

  schedule();
  return {
    sweepNow,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
