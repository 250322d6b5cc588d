import { afterAll, expect, test } from 'vitest';
import { ZodError, z } from 'zod';
import { createBurial } from '../src/dead-letters/bury.ts';
import { newId } from '../src/ids/ids.ts';
import { deadLetterQueueName, defineQueue } from '../src/queues/define-queue.ts';
import { type BuryJob, type Consumer, consume } from '../src/runtime/consumer.ts';
import { createProducer, type Producer } from '../src/runtime/producer.ts';
import type { QueueBackend, QueueConnection } from '../src/runtime/queue-connection.ts';
import { startTelemetry } from '../src/runtime/telemetry.ts';
import { currentTraceId, inSpan } from '../src/runtime/trace.ts';
import { testNow } from '../src/testing/build-tenant.ts';
import { collectingLogger } from '../src/testing/collecting-logger.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { describeOnEachQueue, openTestQueue } from '../src/testing/test-queues.ts';
import { until } from '../src/testing/until.ts';
import { fixedClock } from '../src/time/clock.ts';

await startTelemetry({ serviceName: 'test', endpoint: undefined });
const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

const Payload = z.object({ ids: z.array(z.uuid()).min(1), note: z.string().optional() });
type Payload = z.infer<typeof Payload>;

function newQueue() {
  return defineQueue({
    name: `jobs-${newId()}`,
    payload: Payload,
    retry: { attemptsMax: 3, firstDelayMs: 10 },
  });
}

type Scene = {
  queue: ReturnType<typeof newQueue>;
  connection: QueueConnection;
  workers: ReturnType<QueueConnection['worker']>[];
  producer: Producer;
  consumeWith(handle: (payload: Payload) => Promise<void>, bury?: BuryJob): Consumer;
  deadLetters(): ReturnType<typeof prisma.deadLetter.findMany>;
  /** The payloads mirrored for the board. */
  mirrored(): Promise<unknown[]>;
};

async function onQueue(backend: QueueBackend, play: (scene: Scene) => Promise<void>): Promise<void> {
  const opened = await openTestQueue(backend, database);
  const workers: ReturnType<QueueConnection['worker']>[] = [];
  const connection: QueueConnection = {
    ...opened,
    worker(...input) {
      const worker = opened.worker(...input);
      workers.push(worker);
      return worker;
    },
  };
  const { logger } = collectingLogger();
  const queue = newQueue();
  const consumers: Consumer[] = [];
  const burial = createBurial({ prisma, clock: fixedClock(testNow) });
  try {
    await play({
      queue,
      connection,
      workers,
      producer: createProducer({ connection, logger }),
      consumeWith(handle, bury = burial) {
        const consumer = consume({ connection, logger, bury, queue, handle, concurrency: 2 });
        consumers.push(consumer);
        return consumer;
      },
      deadLetters: () => prisma.deadLetter.findMany({ where: { queue: queue.name } }),
      async mirrored() {
        const jobs = await connection.queue(deadLetterQueueName(queue)).getJobs();
        return jobs.map(({ data }) => data as unknown);
      },
    });
  } finally {
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await connection.close();
  }
}

describeOnEachQueue('a job', (backend) => {
  test('carries its payload, read by the schema, to the handler', async () => {
    await onQueue(backend, async ({ queue, producer, consumeWith }) => {
      const handled: Payload[] = [];
      consumeWith(async (payload) => void handled.push(payload));
      const ids = [newId(), newId()];
      const withMore = { ids, ofAnotherRelease: true };
      await producer.enqueue(queue, withMore);
      await until('the job is handled', () => handled.length > 0);
      expect(handled).toEqual([{ ids }]);
    });
  });

  test('with a payload that does not fit is refused where it is written', async () => {
    await onQueue(backend, async ({ queue, producer, connection }) => {
      await expect(producer.enqueue(queue, { ids: ['no id'] })).rejects.toThrow(ZodError);
      expect(await connection.queue(queue.name).getJobs()).toEqual([]);
    });
  });

  test('with a payload that does not fit becomes a dead letter at once and reaches no handler', async () => {
    await onQueue(backend, async ({ queue, connection, consumeWith, deadLetters, mirrored }) => {
      let handled = 0;
      consumeWith(async () => {
        handled += 1;
      });
      const payload = { ids: ['no id'] };
      await connection.queue(queue.name).add(queue.name, payload, { attempts: 5 });
      await until('the dead letter is mirrored', async () => (await mirrored()).length > 0);
      expect(await deadLetters()).toMatchObject([{ payload, attempts: 1, state: 'open' }]);
      expect(handled).toBe(0);
    });
  });

  test('that fails every time is tried as often as its queue says and leaves one dead letter and one mirror', async () => {
    await onQueue(backend, async ({ queue, producer, consumeWith, deadLetters, mirrored }) => {
      let tries = 0;
      consumeWith(async () => {
        tries += 1;
        throw new RangeError(`no account, try ${tries}`);
      });
      const payload = { ids: [newId()] };
      await producer.enqueue(queue, payload);
      await until('the dead letter is mirrored', async () => (await mirrored()).length > 0);
      const letters = await deadLetters();
      expect(letters).toMatchObject([
        {
          payload,
          attempts: 3,
          failureClass: 'RangeError',
          failureDetail: 'no account, try 3',
          createdAt: testNow,
        },
      ]);
      expect(await mirrored()).toEqual([{ deadLetterId: letters[0]?.id }]);
      expect(tries).toBe(3);
    });
  });

  test('that succeeds after a failure leaves no dead letter', async () => {
    await onQueue(backend, async ({ queue, producer, connection, consumeWith, deadLetters, mirrored }) => {
      let tries = 0;
      consumeWith(async () => {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
      });
      await producer.enqueue(queue, { ids: [newId()] });
      await until(
        'the job is completed',
        async () => (await connection.queue(queue.name).getCompletedCount()) === 1,
      );
      expect([tries, await deadLetters(), await mirrored()]).toEqual([3, [], []]);
    });
  });

  test('whose handler cannot read an answer from outside is tried again', async () => {
    await onQueue(backend, async ({ queue, producer, connection, consumeWith, deadLetters }) => {
      let tries = 0;
      consumeWith(async () => {
        tries += 1;
        if (tries === 1) z.string().parse(42);
      });
      await producer.enqueue(queue, { ids: [newId()] });
      await until(
        'the job is completed',
        async () => (await connection.queue(queue.name).getCompletedCount()) === 1,
      );
      expect([tries, await deadLetters()]).toEqual([2, []]);
    });
  });

  test('continues the trace of the code that added it', async () => {
    await onQueue(backend, async ({ queue, producer, consumeWith }) => {
      let seen: string | undefined;
      consumeWith(async () => {
        seen = currentTraceId();
      });
      const traceId = await inSpan('request', {}, async () => {
        await producer.enqueue(queue, { ids: [newId()] });
        return currentTraceId();
      });
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(await until('the job is handled', () => seen)).toBe(traceId);
    });
  });

  test('that is equal to a finished one runs all the same', async () => {
    await onQueue(backend, async ({ queue, producer, consumeWith }) => {
      let handled = 0;
      consumeWith(async () => {
        handled += 1;
      });
      const payload = { ids: [newId()] };
      await producer.enqueue(queue, payload);
      await until('the first is handled', () => handled === 1);
      await producer.enqueue(queue, payload);
      await until('the second is handled', () => handled === 2);
    });
  });

  test('that is delayed waits, and one with a better priority goes first', async () => {
    await onQueue(backend, async ({ queue, producer, connection, consumeWith }) => {
      const [late, batch, single] = [newId(), newId(), newId()];
      await producer.enqueue(queue, { ids: [late] }, { delayMs: 3_600_000 });
      await producer.enqueue(queue, { ids: [batch] }, { priority: 7 });
      await producer.enqueue(queue, { ids: [single] }, { priority: 1 });
      const handled: string[] = [];
      consumeWith(async ({ ids }) => void handled.push(...ids));
      await until('two jobs are handled', () => handled.length === 2);
      expect(handled).toEqual([single, batch]);
      expect(await connection.queue(queue.name).getDelayedCount()).toBe(1);
    });
  });
});

describeOnEachQueue('closing a consumer', (backend) => {
  test('waits for the running job, and what is added afterwards stays for somebody else', async () => {
    await onQueue(backend, async ({ queue, producer, connection, consumeWith }) => {
      const events: string[] = [];
      const running = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const consumer = consumeWith(async () => {
        running.resolve();
        await gate.promise;
        events.push('job ended');
      });
      await producer.enqueue(queue, { ids: [newId()] });
      await running.promise;
      const closed = consumer.close().then(() => events.push('closed'));
      gate.resolve();
      await closed;
      expect(events).toEqual(['job ended', 'closed']);
      await producer.enqueue(queue, { ids: [newId()] });
      expect(await connection.queue(queue.name).getWaitingCount()).toBe(1);
    });
  });

  test('waits until a job that was given up is stored', async () => {
    await onQueue(backend, async ({ queue, producer, workers, consumeWith, mirrored }) => {
      const events: string[] = [];
      const burying = Promise.withResolvers<void>();
      const workerClosed = Promise.withResolvers<void>();
      const consumer = consumeWith(
        async () => {
          throw new Error('broken');
        },
        async () => {
          burying.resolve();
          await workerClosed.promise;
          // The rest of the closing gets its turn first, if it does not wait.
          await new Promise(setImmediate);
          events.push('stored');
          return newId();
        },
      );
      workers[0]?.on('closed', () => workerClosed.resolve());
      await producer.enqueue(queue, { ids: [newId()] });
      await burying.promise;
      await consumer.close().then(() => events.push('closed'));
      expect(events).toEqual(['stored', 'closed']);
      expect(await mirrored()).toHaveLength(1);
    });
  });
});
