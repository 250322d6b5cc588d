import { allQueues, closePeriods, tendStripe } from '@tollgate/shared/queues/catalog.ts';
import { openQueueConnection, type QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';

/** QUEUE_PREFIX of a service that was told none. */
const PREFIX = 'tollgate';

/** What waits there are the next runs of the schedules. */
const scheduledQueues: ReadonlySet<string> = new Set([closePeriods.name, tendStripe.name]);

/** Opens the queues of a system for looking on. */
export function openQueues(url: string): Promise<QueueConnection> {
  return openQueueConnection({ url, prefix: PREFIX, workersMax: 0 });
}

/** Lets wake-ups that wait for their time come now, when there is nothing left for them to do. */
export async function promoteDelayed(connection: QueueConnection): Promise<void> {
  for (const { name } of allQueues) {
    // Next runs of schedules would only be planned anew.
    if (!scheduledQueues.has(name)) await connection.queue(name).promoteJobs();
  }
}

/** The jobs that are in the queues, in words, those of schedules left out: "send-messages: 2 waiting". */
export async function readQueues(
  connection: QueueConnection,
  states: readonly ('waiting' | 'active' | 'delayed' | 'prioritized')[],
): Promise<string[]> {
  const found: string[] = [];
  for (const { name } of allQueues) {
    const counts = await connection.queue(name).getJobCounts(...states);
    if (scheduledQueues.has(name)) counts.delayed = 0;
    for (const [state, count] of Object.entries(counts)) {
      if (count > 0) found.push(`${name}: ${count} ${state}`);
    }
  }
  return found;
}
