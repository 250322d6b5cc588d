import { ErrorCode } from 'bullmq';
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
    const template = { name: queue.name, data: queue.payload.parse(payload) };
    try {
      await connection.queue(queue.name).upsertJobScheduler(name, { pattern: cron, tz: 'UTC' }, template);
    } catch (error) {
      if (!isWritten(error)) throw error;
    }
  }
}

/** Another process wrote the schedule at this moment, or its next run is waiting or at work: it is there. */
function isWritten(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === ErrorCode.SchedulerJobIdCollision || code === ErrorCode.SchedulerJobSlotsBusy;
}
