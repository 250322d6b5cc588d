import type { PrismaClient } from '../generated/prisma/client.ts';
import type { QueueDefinition } from '../queues/define-queue.ts';
import { SECOND_MS } from '../time/durations.ts';
import type { Db } from './database.ts';
import type { EnqueueOptions, Producer } from './producer.ts';

export type TransactionDeps = { prisma: PrismaClient; producer: Pick<Producer, 'enqueue'> };

export type Transaction = {
  db: Db;
  /** Adds a wake-up once the transaction has committed; forgotten when it rolls back. */
  enqueue<Payload>(queue: QueueDefinition<Payload>, payload: Payload, options?: EnqueueOptions): void;
};

/**
 * Runs `work` in one transaction and adds its wake-ups after the commit, so that no job ever names
 * rows that do not exist. A wake-up that cannot be added is no error: the rows carry `wake_at`, and
 * the sweeper wakes them.
 */
export async function inTransaction<Result>(
  { prisma, producer }: TransactionDeps,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const wakeUps: (() => Promise<void>)[] = [];
  const result = await prisma.$transaction(
    (db) => {
      // A deadlock or a crash before the commit starts over with an empty list.
      wakeUps.length = 0;
      return work({
        db,
        enqueue: (queue, payload, options) => wakeUps.push(() => producer.enqueue(queue, payload, options)),
      });
    },
    { maxWait: 5 * SECOND_MS, timeout: 20 * SECOND_MS },
  );
  await Promise.all(wakeUps.map((wakeUp) => wakeUp()));
  return result;
}
