import type { QueueConnection } from './queue-connection.ts';

/** The names of the queues in which more than `jobsMax` jobs wait. */
export async function findLongQueues(
  connection: Pick<QueueConnection, 'queue'>,
  queues: readonly { name: string }[],
  jobsMax: number,
): Promise<ReadonlySet<string>> {
  const counted = await Promise.all(
    queues.map(async ({ name }) => ({
      name,
      count: await connection.queue(name).getJobCountByTypes('waiting', 'prioritized'),
    })),
  );
  return new Set(counted.flatMap(({ name, count }) => (count > jobsMax ? [name] : [])));
}
