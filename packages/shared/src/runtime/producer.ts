import type { QueueDefinition } from '../queues/define-queue.ts';
import type { Logger } from './logger.ts';
import type { QueueConnection } from './queue-connection.ts';
import { currentTraceParent } from './trace.ts';

export type EnqueueOptions = {
  delayMs?: number;
  /** 1 is taken first; see the fairness rule of the send queue. */
  priority?: number;
  /** Of wake-ups with one id, one waits while another runs; further ones are not added. */
  deduplicationId?: string;
};

export type Producer = {
  /**
   * Adds one wake-up. Never throws for the queue being away: that is logged, and the sweeper wakes
   * the rows. Throws ZodError for a payload that does not fit the queue.
   */
  enqueue<Payload>(
    queue: QueueDefinition<Payload>,
    payload: Payload,
    options?: EnqueueOptions,
  ): Promise<void>;
};

/**
 * A producer on the given connection. Wake-ups have no job id, because a retained finished job would
 * swallow them; only queues without a consumer name their jobs.
 */
export function createProducer({
  connection,
  logger,
}: {
  connection: QueueConnection;
  logger: Logger;
}): Producer {
  return {
    async enqueue(queue, payload, { delayMs, priority, deduplicationId } = {}) {
      const data = queue.payload.parse(payload);
      const traceParent = currentTraceParent();
      const jobId = queue.jobId?.(data);
      try {
        await connection.queue(queue.name).add(queue.name, data, {
          attempts: queue.retry.attemptsMax,
          backoff: { type: 'exponential', delay: queue.retry.firstDelayMs, jitter: 0.5 },
          ...(jobId === undefined ? {} : { jobId }),
          ...(delayMs === undefined ? {} : { delay: delayMs }),
          ...(priority === undefined ? {} : { priority }),
          ...(deduplicationId === undefined
            ? {}
            : { deduplication: { id: deduplicationId, keepLastIfActive: true } }),
          ...(traceParent === undefined ? {} : { telemetry: { metadata: traceParent } }),
        });
      } catch (error) {
        logger.warn({ err: error, queue: queue.name }, 'wake-up not added; the sweeper will wake the rows');
      }
    },
  };
}
