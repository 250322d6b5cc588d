import { setTimeout as delay } from 'node:timers/promises';
import type { PrismaClient } from '@tollgate/shared/generated/prisma/client.ts';
import { skipTime } from './pass-time.ts';
import { readBacklog } from './read-messages.ts';

// A sweep takes place every two seconds; between two of them about four minutes are skipped.
const TURN_MS = 500;
const SKIPPED_MS = 60_000;

/**
 * Waits until nothing is left to do, while a minute passes for the rows every half second: an outcome that nobody
 * knows is believed to be none only after ten, and a report that was lost is asked for after ten. Throws, naming what
 * is left, when the limit is over. A database that is away has not answered yet.
 */
export async function drain(
  prisma: PrismaClient,
  { withinMs, signal }: { withinMs: number; signal?: AbortSignal },
): Promise<void> {
  const deadline = performance.now() + withinMs;
  let backlog = ['everything'];
  while (backlog.length > 0) {
    if (performance.now() > deadline)
      throw new Error(`not done within ${withinMs} ms: ${backlog.join(', ')}`);
    signal?.throwIfAborted();
    backlog = await skipTime(prisma, SKIPPED_MS)
      .then(() => readBacklog(prisma))
      .catch((error: unknown) => [String(error)]);
    if (backlog.length > 0) await delay(TURN_MS);
  }
}
