import { afterAll, expect, test } from 'vitest';
import { ZodError, z } from 'zod';
import { newId } from '../src/ids/ids.ts';
import { defineQueue } from '../src/queues/define-queue.ts';
import type { QueueBackend, QueueConnection } from '../src/runtime/queue-connection.ts';
import { type Schedule, writeSchedules } from '../src/runtime/scheduler.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { describeOnEachQueue, openTestQueue } from '../src/testing/test-queues.ts';

const database = await createTestDatabase();
afterAll(database.close);

async function onQueue(
  backend: QueueBackend,
  play: (connection: QueueConnection, schedule: Schedule<{ look: string }>) => Promise<void>,
): Promise<void> {
  const connection = await openTestQueue(backend, database);
  const queue = defineQueue({
    name: `ticks-${newId()}`,
    payload: z.object({ look: z.enum(['daily', 'weekly']) as z.ZodType<string> }),
    retry: { attemptsMax: 1, firstDelayMs: 10 },
  });
  try {
    await play(connection, { name: 'daily', queue, cron: '0 2 * * *', payload: { look: 'daily' } });
  } finally {
    await connection.close();
  }
}

async function written(connection: QueueConnection, { queue }: Schedule<{ look: string }>) {
  const schedulers = await connection.queue(queue.name).getJobSchedulers();
  return schedulers.map(({ key, pattern, tz, next }) => ({
    key,
    pattern,
    tz,
    hour: new Date(next ?? 0).getUTCHours(),
  }));
}

const daily = { key: 'daily', pattern: '0 2 * * *', tz: 'UTC', hour: 2 };

describeOnEachQueue('a schedule', (backend) => {
  test('written twice is one schedule with one waiting tick, in UTC', async () => {
    await onQueue(backend, async (connection, schedule) => {
      await writeSchedules(connection, [schedule as Schedule]);
      await writeSchedules(connection, [schedule as Schedule]);
      expect(await written(connection, schedule)).toEqual([daily]);
      const ticks = await connection.queue(schedule.queue.name).getDelayed();
      expect(ticks.map(({ data }) => data as unknown)).toEqual([{ look: 'daily' }]);
    });
  });

  test('comes back, when written again, after the queue was emptied', async () => {
    await onQueue(backend, async (connection, schedule) => {
      await writeSchedules(connection, [schedule as Schedule]);
      await connection.queue(schedule.queue.name).obliterate({ force: true });
      expect(await written(connection, schedule)).toEqual([]);
      await writeSchedules(connection, [schedule as Schedule]);
      expect(await written(connection, schedule)).toEqual([daily]);
      expect(await connection.queue(schedule.queue.name).getDelayedCount()).toBe(1);
    });
  });

  test('that was changed replaces the one of that name', async () => {
    await onQueue(backend, async (connection, schedule) => {
      await writeSchedules(connection, [schedule as Schedule]);
      await writeSchedules(connection, [{ ...schedule, cron: '0 3 * * 1' } as Schedule]);
      expect(await written(connection, schedule)).toMatchObject([{ pattern: '0 3 * * 1', hour: 3 }]);
    });
  });

  test('with a payload that does not fit its queue is refused', async () => {
    await onQueue(backend, async (connection, schedule) => {
      const bad = { ...schedule, payload: { look: 'sometimes' } } as Schedule;
      await expect(writeSchedules(connection, [bad])).rejects.toThrow(ZodError);
    });
  });
});
