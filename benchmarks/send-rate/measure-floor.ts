import type { QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import pLimit from 'p-limit';
import { perSecond } from './rates.ts';

const QUEUE = 'benchmark-floor';
const CONCURRENCY = 50;

/**
 * Jobs per second through the queue and a worker that does nothing, added one by one as single requests add them: what
 * is left when all of Tollgate is taken away.
 */
export async function measureFloor(connection: QueueConnection, jobCount: number): Promise<number> {
  const queue = connection.queue(QUEUE);
  const done = Promise.withResolvers<void>();
  let finished = 0;
  const startMs = performance.now();
  const worker = connection.worker(
    QUEUE,
    async () => {
      finished += 1;
      if (finished === jobCount) done.resolve();
    },
    { concurrency: CONCURRENCY },
  );
  const limit = pLimit(CONCURRENCY);
  await Promise.all(Array.from({ length: jobCount }, (_, index) => limit(() => queue.add(QUEUE, { index }))));
  await done.promise;
  const rate = perSecond(jobCount, startMs);
  await worker.close();
  await queue.obliterate({ force: true });
  return rate;
}
