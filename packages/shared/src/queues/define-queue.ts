import type { z } from 'zod';

export type QueueDefinition<Payload> = {
  name: string;
  payload: z.ZodType<Payload>;
  retry: { attemptsMax: number; firstDelayMs: number };
};

/** What a queue's jobs carry. */
export type PayloadOf<Queue> = Queue extends QueueDefinition<infer Payload> ? Payload : never;

/** A queue as a value. Payloads carry ids only and are parsed where they are written and read. */
export function defineQueue<Payload>(definition: QueueDefinition<Payload>): QueueDefinition<Payload> {
  return definition;
}

/** The mirror of a queue's dead letters, for Bull Board: no consumer, payload is the dead letter's id. */
export function deadLetterQueueName(queue: { name: string }): string {
  return `${queue.name}.dead`;
}
