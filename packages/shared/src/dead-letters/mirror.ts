import type { PrismaClient } from '../generated/prisma/client.ts';
import { allQueues } from '../queues/catalog.ts';
import { deadLetterQueue } from '../queues/define-queue.ts';
import type { Logger } from '../runtime/logger.ts';
import type { QueueConnection } from '../runtime/queue-connection.ts';
import type { DeadLetterRef } from './dead-letter.ts';

export type MirrorDeps = { connection: Pick<QueueConnection, 'queue'>; logger: Logger };

export type DeadLetterMirror = {
  /** Takes letters off the board. Never throws for the queue being away: the next mirroring does it. */
  remove(letters: readonly DeadLetterRef[]): Promise<void>;
};

/** Letters that are read, added or removed at once. */
const PAGE_SIZE = 500;

/** The board's copies of the open letters, one queue beside each queue. */
export function createMirror({ connection, logger }: MirrorDeps): DeadLetterMirror {
  return {
    async remove(letters) {
      try {
        await Promise.all(
          letters.map(({ id, queue }) => removeJobs(connection, queue, [jobIdOf(queue, id)])),
        );
      } catch (error) {
        logger.warn({ err: error }, 'dead letters not taken off the board; the next mirroring does it');
      }
    },
  };
}

/**
 * Brings the board to what PostgreSQL says: adds open letters that are missing, also after Redis was
 * emptied, and removes what is resolved. Returns how many of each. Running twice at once is harmless.
 */
export async function mirrorDeadLetters({
  prisma,
  connection,
}: {
  prisma: PrismaClient;
  connection: Pick<QueueConnection, 'queue'>;
}): Promise<{ added: number; removed: number }> {
  const queues = await prisma.deadLetter.groupBy({ by: ['queue'], where: { state: 'open' } });
  const names = new Set([...allQueues.map(({ name }) => name), ...queues.map(({ queue }) => queue)]);
  let [added, removed] = [0, 0];
  for (const name of names) {
    // The mirror is read first: what stands there was committed before, so that a letter which is not
    // open afterwards is resolved and never merely too new.
    const mirrored = await readJobIds(connection, name);
    const open = await readOpenJobIds(prisma, name);
    const missing = [...open].filter(([jobId]) => !mirrored.has(jobId));
    const stale = [...mirrored].filter((jobId) => !open.has(jobId));
    await addJobs(connection, name, missing);
    await removeJobs(connection, name, stale);
    added += missing.length;
    removed += stale.length;
  }
  return { added, removed };
}

type Connection = MirrorDeps['connection'];

async function readJobIds(connection: Connection, queue: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const mirror = connection.queue(deadLetterQueue({ name: queue }).name);
  for (let start = 0; ; start += PAGE_SIZE) {
    const jobs = await mirror.getJobs(['waiting'], start, start + PAGE_SIZE - 1, true);
    for (const job of jobs) if (job?.id !== undefined) ids.add(job.id);
    if (jobs.length < PAGE_SIZE) return ids;
  }
}

/** The ids of the open letters by the ids of their jobs. */
async function readOpenJobIds(prisma: PrismaClient, queue: string): Promise<Map<string, string>> {
  const open = new Map<string, string>();
  for (let after: string | undefined; ; ) {
    const page = await prisma.deadLetter.findMany({
      where: { queue, state: 'open', ...(after === undefined ? {} : { id: { gt: after } }) },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: PAGE_SIZE,
    });
    for (const { id } of page) open.set(jobIdOf(queue, id), id);
    after = page.at(-1)?.id;
    if (page.length < PAGE_SIZE) return open;
  }
}

async function addJobs(
  connection: Connection,
  queue: string,
  letters: readonly (readonly [jobId: string, id: string])[],
): Promise<void> {
  const { name } = deadLetterQueue({ name: queue });
  for (let start = 0; start < letters.length; start += PAGE_SIZE) {
    await connection.queue(name).addBulk(
      letters.slice(start, start + PAGE_SIZE).map(([jobId, deadLetterId]) => ({
        name,
        data: { deadLetterId },
        opts: { jobId },
      })),
    );
  }
}

async function removeJobs(connection: Connection, queue: string, jobIds: readonly string[]): Promise<void> {
  const mirror = connection.queue(deadLetterQueue({ name: queue }).name);
  for (let start = 0; start < jobIds.length; start += PAGE_SIZE) {
    await Promise.all(jobIds.slice(start, start + PAGE_SIZE).map((jobId) => mirror.remove(jobId)));
  }
}

function jobIdOf(queue: string, deadLetterId: string): string {
  return deadLetterQueue({ name: queue }).jobId({ deadLetterId });
}
