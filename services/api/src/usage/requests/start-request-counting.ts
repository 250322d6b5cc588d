import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import type { Logger } from '@tollgate/shared/runtime/logger.ts';
import { repeat } from '@tollgate/shared/runtime/repeat.ts';
import type { Clock } from '@tollgate/shared/time/clock.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { createRequestCounter, type RequestCounter } from './count-requests.ts';

/** What a process that is killed loses of its counts at most. */
const FLUSH_EVERY_MS = 5 * SECOND_MS;

export type RequestCounting = Pick<RequestCounter, 'count'> & {
  /** Writes what is left and ends. */
  stop(): Promise<void>;
};

/** Counts requests, and writes what was counted every few seconds. */
export function startRequestCounting(deps: {
  prisma: PrismaClient;
  clock: Clock;
  logger: Logger;
}): RequestCounting {
  const { count, flush } = createRequestCounter(deps);
  const flushing = repeat({
    logger: deps.logger,
    name: 'count requests',
    everyMs: FLUSH_EVERY_MS,
    work: () => flush().then(() => false),
  });
  return {
    count,
    async stop() {
      await flushing.stop();
      await flush();
    },
  };
}
