import type { JobProcessor, QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import type { Job } from 'bullmq';
import type { WaitingJob } from './lossy-queue.ts';

/** Runs a job as the queue's worker would; `giveUp` is what happens to it after its last attempt. */
export type RunJob = {
  run(job: WaitingJob): Promise<void>;
  giveUp(job: WaitingJob, error: unknown): void;
};

/**
 * What a service does with the jobs of each queue: its own consumers, on a connection that hands their
 * processors out instead of feeding them.
 */
export function captureConsumers(
  start: (connection: QueueConnection) => unknown,
): ReadonlyMap<string, RunJob> {
  const jobs = new Map<string, RunJob>();
  const connection = {
    backend: 'redis',
    worker(name: string, processor: JobProcessor) {
      const onFailed: ((job: Job, error: unknown) => void)[] = [];
      jobs.set(name, {
        run: async (job) => void (await (processor as (job: Job) => Promise<unknown>)(toJob(job))),
        giveUp: (job, error) => {
          for (const tell of onFailed) tell(toJob(job), error);
        },
      });
      return {
        on: (event: string, listener: () => void) => void (event === 'failed' && onFailed.push(listener)),
        close: async () => undefined,
      };
    },
    queue: () => ({ add: async () => undefined, getJobCountByTypes: async () => 0 }),
    ping: async () => undefined,
    close: async () => undefined,
  };
  start(connection as unknown as QueueConnection);
  return jobs;
}

function toJob({ id, data, queue, attemptsMade, dueAtMs }: WaitingJob): Job {
  return {
    timestamp: dueAtMs,
    id,
    name: queue.name,
    data,
    attemptsMade,
    opts: { attempts: queue.retry.attemptsMax },
  } as Job;
}
