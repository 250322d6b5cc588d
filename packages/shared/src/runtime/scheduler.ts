import type { QueueDefinition } from '../queues/define-queue.ts';
import type { QueueConnection } from './queue-connection.ts';

export type Schedule<Payload = unknown> = {
  /** Stable: the key under which the schedule is kept. */
  name: string;
  queue: QueueDefinition<Payload>;
  /** Five-field cron expression, read in UTC. */
  cron: string;
  payload: Payload;
};

/**
 * Writes the schedules that a service owns. Safe to repeat, and repeated by the service's sweeper,
 * because emptying Redis deletes them for good.
 */
export async function writeSchedules<Payload>(
  connection: QueueConnection,
  schedules: readonly Schedule<Payload>[],
): Promise<void> {
  for (const { name, queue, cron, payload } of schedules) {
    await connection
      .queue(queue.name)
      .upsertJobScheduler(
        name,
        { pattern: cron, tz: 'UTC' },
        { name: queue.name, data: queue.payload.parse(payload) },
      );
  }
}
