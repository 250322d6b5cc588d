import type { Logger } from './logger.ts';
import { type Repeated, repeat } from './repeat.ts';
import { inTransaction, type Transaction, type TransactionDeps } from './transaction.ts';

export type SweepCircumstances = {
  /** Names of queues in which so many jobs wait that waking more rows would only make them longer. */
  longQueues: ReadonlySet<string>;
};

export type SweeperOptions = TransactionDeps & {
  logger: Logger;
  /** Names the advisory lock: of all processes that sweep under one name, one works at a time. */
  name: string;
  everyMs: number;
  /** The most rows that a sweep takes and pushes forward; after as many the next one follows at once. */
  rowsMax?: number;
  findLongQueues?: () => Promise<ReadonlySet<string>>;
  /** Finds due rows, pushes their wake_at forward and enqueues them; returns how many. */
  sweep: (tx: Transaction, circumstances: SweepCircumstances) => Promise<number>;
};

export type Sweeper = Repeated & {
  /** Sweeps now; returns the number of rows woken, 0 also when another process is sweeping. */
  sweepNow(): Promise<number>;
};

/**
 * Wakes rows that no job will wake: the guarantee behind the queue. The lock is held by the sweep's
 * own transaction, so it works through a transaction pooler and dies with its process.
 */
export function startSweeper(options: SweeperOptions): Sweeper {
  const {
    logger,
    name,
    everyMs,
    rowsMax = Number.POSITIVE_INFINITY,
    findLongQueues,
    sweep,
    ...deps
  } = options;

  async function sweepNow(): Promise<number> {
    const circumstances = { longQueues: (await findLongQueues?.()) ?? new Set<string>() };
    return inTransaction(deps, async (tx) => {
      const [lock] = await tx.db.$queryRaw<[{ taken: boolean }]>`
        SELECT pg_try_advisory_xact_lock(hashtextextended(${`tollgate sweep ${name}`}, 0)) AS taken`;
      return lock.taken ? sweep(tx, circumstances) : 0;
    });
  }

  const { stop } = repeat({
    logger,
    name: `sweep ${name}`,
    everyMs,
    async work() {
      const woken = await sweepNow();
      if (woken > 0) logger.info({ sweep: name, woken }, 'sweep woke rows');
      return woken >= rowsMax;
    },
  });
  return { sweepNow, stop };
}
