import type { QueueDefinition } from '@tollgate/shared/queues/define-queue.ts';
import type { EnqueueOptions } from '@tollgate/shared/runtime/producer.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { FaultCounts } from './fault-counts.ts';
import type { Random } from './random.ts';

export type WaitingJob = {
  id: string;
  queue: QueueDefinition<unknown>;
  data: unknown;
  dueAtMs: number;
  attemptsMade: number;
  deduplicationId: string | undefined;
};

/** A queue that keeps no promise: it loses, doubles, delays and reorders, and is emptied now and then. */
export type LossyQueue = {
  add<Payload>(queue: QueueDefinition<Payload>, payload: Payload, options?: EnqueueOptions): void;
  /** Puts a job back that failed, or whose process died. */
  again(job: WaitingJob, delayMs: number): void;
  due(): WaitingJob[];
  take(jobs: readonly WaitingJob[]): void;
  /** When the next job is due; Infinity for an empty queue. */
  nextDueAtMs(): number;
  empty(): void;
};

export type LossyQueueOptions = {
  random: Random;
  nowMs: () => number;
  counts: FaultCounts;
  /** How often a wake-up meets a misfortune; 0 while the weather is calm. */
  trouble: () => number;
};

export function createLossyQueue({ random, nowMs, counts, trouble }: LossyQueueOptions): LossyQueue {
  let waiting: WaitingJob[] = [];
  let added = 0;

  function put(queue: QueueDefinition<unknown>, data: unknown, delayMs: number, deduplicationId?: string) {
    added += 1;
    waiting.push({
      id: String(added),
      queue,
      data,
      dueAtMs: nowMs() + delayMs,
      attemptsMade: 0,
      deduplicationId,
    });
  }

  return {
    add(queue, payload, { delayMs = 0, deduplicationId } = {}) {
      const data = queue.payload.parse(payload);
      // The mirror of the dead letters, for people: nobody consumes it.
      if (queue.name.endsWith('.dead')) return;
      const definition = queue as QueueDefinition<unknown>;
      const isWaiting = (job: WaitingJob) =>
        job.queue.name === queue.name && job.deduplicationId === deduplicationId;
      if (deduplicationId !== undefined && waiting.some(isWaiting)) return;
      const misfortune = random.chance(trouble())
        ? random.pick(['lost', 'doubled', 'delayed'] as const)
        : null;
      if (misfortune) counts.add(`wake-up ${misfortune}`);
      if (misfortune === 'lost') return;
      const lateMs = misfortune === 'delayed' ? random.int(SECOND_MS, 15 * MINUTE_MS) : 0;
      put(definition, data, delayMs + lateMs, deduplicationId);
      if (misfortune === 'doubled') put(definition, data, delayMs + random.int(0, MINUTE_MS));
    },
    again(job, delayMs) {
      waiting.push({ ...job, dueAtMs: nowMs() + delayMs });
    },
    due: () => waiting.filter(({ dueAtMs }) => dueAtMs <= nowMs()),
    take(jobs) {
      waiting = waiting.filter((job) => !jobs.includes(job));
    },
    nextDueAtMs: () => Math.min(...waiting.map(({ dueAtMs }) => dueAtMs)),
    empty() {
      waiting = [];
    },
  };
}
