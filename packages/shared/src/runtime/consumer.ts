import { type Job, UnrecoverableError } from 'bullmq';
import { deadLetterQueue, type QueueDefinition } from '../queues/define-queue.ts';
import { MINUTE_MS } from '../time/durations.ts';
import { describeFailure, type Failure } from './failure.ts';
import type { Logger } from './logger.ts';
import type { QueueConnection } from './queue-connection.ts';
import { inSpan } from './trace.ts';

export type GivenUpJob = Failure & { queue: string; jobId: string; payload: unknown; attempts: number };

/** Stores a job that ran out of attempts; returns the dead letter's id, the same for the same job. */
export type BuryJob = (job: GivenUpJob) => Promise<string>;

/** What a handler may know of a job beside its payload. */
export type JobTimes = {
  /** Since when it could have been run, in milliseconds since 1970, by the clock of whoever added it. */
  dueAtMs: number;
  /** How long it has been running, in milliseconds, whatever becomes of this machine's time. */
  ranMs: () => number;
};

export type ConsumerOptions<Payload> = {
  connection: QueueConnection;
  logger: Logger;
  bury: BuryJob;
  queue: QueueDefinition<Payload>;
  handle: (payload: Payload, times: JobTimes) => Promise<void>;
  /** Jobs running at once in this process. */
  concurrency: number;
  /** How long a dead process keeps its jobs from the others, a minute by default; a living one renews it. */
  lockMs?: number;
};

export type Consumer = {
  /** Takes no new job and resolves when the running ones have ended and the given up ones are stored. */
  close(): Promise<void>;
};

/**
 * Runs a queue's jobs. A job that fails for good is stored as a dead letter and mirrored to
 * `<queue>.dead`; it changes no other row, because the business rows carry their own retries.
 */
export function consume<Payload>(options: ConsumerOptions<Payload>): Consumer {
  const { connection, logger, bury, queue, handle, concurrency, lockMs = MINUTE_MS } = options;
  const worker = connection.worker(queue.name, (job) => runJob(job, queue, handle), {
    concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs / 2,
    maxStalledCount: 3,
    drainDelay: 5,
  });
  worker.on('error', (error) => logger.warn({ err: error, queue: queue.name }, 'worker connection failed'));
  const burials = new Set<Promise<void>>();
  worker.on('failed', (job, error) => {
    if (!job || !isGivenUp(job, error)) return;
    const burial = buryJob(job, error)
      .catch((cause: unknown) => {
        logger.error({ err: cause, queue: queue.name, jobId: job.id }, 'dead letter not stored');
      })
      .finally(() => burials.delete(burial));
    burials.add(burial);
  });

  async function buryJob(job: Job, error: Error): Promise<void> {
    const failure = describeFailure(error);
    // Redis counts ids from 1 again after it was emptied: with its instant the job stays itself.
    const jobId = `${job.id} of ${new Date(job.timestamp).toISOString()}`;
    logger.error({ queue: queue.name, jobId, failure }, 'job given up');
    const id = await bury({
      ...failure,
      queue: queue.name,
      jobId,
      payload: job.data,
      attempts: job.attemptsMade,
    });
    const mirror = deadLetterQueue(queue);
    const reference = { deadLetterId: id };
    await connection.queue(mirror.name).add(mirror.name, reference, { jobId: mirror.jobId(reference) });
  }

  return {
    async close() {
      await worker.close();
      await Promise.all(burials);
    },
  };
}

function runJob<Payload>(
  job: Job,
  queue: QueueDefinition<Payload>,
  handle: ConsumerOptions<Payload>['handle'],
): Promise<void> {
  return inSpan(`${queue.name} process`, { parent: job.opts.telemetry?.metadata }, async () => {
    const payload = queue.payload.safeParse(job.data);
    if (!payload.success) throw new UnrecoverableError(`payload does not fit: ${payload.error.message}`);
    const startedAtMs = performance.now();
    await handle(payload.data, {
      dueAtMs: job.timestamp + (job.opts.delay ?? 0),
      ranMs: () => performance.now() - startedAtMs,
    });
  });
}

function isGivenUp(job: Job, error: Error): boolean {
  return error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts ?? 1);
}
