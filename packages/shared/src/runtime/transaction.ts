import type { PrismaClient } from '../generated/prisma/client.ts';
import type { QueueDefinition } from '../queues/define-queue.ts';
import { SECOND_MS } from '../time/durations.ts';
import type { Db } from './database.ts';
import { isLockConflict } from './failure.ts';
import { claimRunningKey } from './keyed-write.ts';
import type { EnqueueOptions, Producer } from './producer.ts';

export type TransactionDeps = { prisma: PrismaClient; producer: Pick<Producer, 'enqueue'> };

export type Transaction = {
  db: Db;
  /**
   * Adds a wake-up once the transaction has committed; forgotten when it rolls back. Throws ZodError
   * at once, before anything is committed, for a payload that does not fit the queue.
   */
  enqueue<Payload>(queue: QueueDefinition<Payload>, payload: Payload, options?: EnqueueOptions): void;
};

/** Of two transactions in each other's way the database ends one; the other is done a moment later. */
const TRIES_MAX = 4;

/**
 * Runs `work` in one transaction and adds its wake-ups after the commit, so that no job ever names
 * rows that do not exist. A wake-up that cannot be added is no error: the rows carry `wake_at`, and
 * the sweeper wakes them. A transaction that the database ended for a deadlock is run again from the
 * start; nothing of it was kept, and `work` touches nothing but the database. Where a request runs
 * under an idempotency key, the key is stored with the first of its transactions.
 */
export async function inTransaction<Result>(
  deps: TransactionDeps,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await runOnce(deps, work);
    } catch (error) {
      if (tries === TRIES_MAX || !isLockConflict(error)) throw error;
    }
  }
}

async function runOnce<Result>(
  { prisma, producer }: TransactionDeps,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const wakeUps: (() => Promise<void>)[] = [];
  let keepKey = () => {};
  const result = await prisma.$transaction(
    async (db) => {
      keepKey = await claimRunningKey(db);
      return work({
        db,
        enqueue(queue, payload, options) {
          const fitting = queue.payload.parse(payload);
          wakeUps.push(() => producer.enqueue(queue, fitting, options));
        },
      });
    },
    { maxWait: 10 * SECOND_MS, timeout: 20 * SECOND_MS },
  );
  keepKey();
  await Promise.all(wakeUps.map((wakeUp) => wakeUp()));
  return result;
}
