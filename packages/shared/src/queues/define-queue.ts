import { z } from 'zod';

export type QueueDefinition<Payload> = {
  name: string;
  payload: z.ZodType<Payload>;
  retry: { attemptsMax: number; firstDelayMs: number };
  /**
   * Makes adding the same payload twice one job, as long as the job is kept. Only for queues without a
   * consumer: a retained finished job would swallow the wake-ups that follow.
   */
  jobId?: (payload: Payload) => string;
};

/** What a queue's jobs carry. */
export type PayloadOf<Queue> = Queue extends QueueDefinition<infer Payload> ? Payload : never;

/** A queue as a value. Payloads carry ids only and are parsed where they are written and read. */
export function defineQueue<Payload>(definition: QueueDefinition<Payload>): QueueDefinition<Payload> {
  return definition;
}

/** The name of the mirror of a queue's dead letters. */
export function deadLetterQueueName(queue: { name: string }): string {
  return `${queue.name}.dead`;
}

const DeadLetterReference = z.object({ deadLetterId: z.uuid() });

export type MirrorQueue = Required<QueueDefinition<z.infer<typeof DeadLetterReference>>>;

/** The mirror of a queue's dead letters, for Bull Board: no consumer, one job per letter, which names it. */
export function deadLetterQueue(queue: { name: string }): MirrorQueue {
  return {
    name: deadLetterQueueName(queue),
    payload: DeadLetterReference,
    retry: { attemptsMax: 1, firstDelayMs: 0 },
    jobId: ({ deadLetterId }) => `dead-${deadLetterId}`,
  };
}
