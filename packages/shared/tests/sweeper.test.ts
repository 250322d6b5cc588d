import { afterAll, describe, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { type SweeperOptions, startSweeper } from '../src/runtime/sweeper.ts';
import { collectingLogger } from '../src/testing/collecting-logger.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { until } from '../src/testing/until.ts';
import { HOUR_MS } from '../src/time/durations.ts';

const database = await createTestDatabase();
afterAll(database.close);

const noQueue = { enqueue: () => Promise.reject(new Error('these sweeps enqueue nothing')) };

function sweeper(options: Pick<SweeperOptions, 'sweep'> & Partial<SweeperOptions>) {
  const { logger } = collectingLogger();
  const { prisma } = database;
  return startSweeper({ prisma, producer: noQueue, logger, name: newId(), everyMs: HOUR_MS, ...options });
}

describe('sweepers', () => {
  test('under one name work one at a time, whichever process they are in', async () => {
    const name = newId();
    const started = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const first = sweeper({
      name,
      async sweep() {
        started.resolve();
        await gate.promise;
        return 1;
      },
    });
    const second = sweeper({ name, sweep: async () => 1 });
    const other = sweeper({ sweep: async () => 1 });
    const working = first.sweepNow();
    await started.promise;
    expect(await second.sweepNow()).toBe(0);
    expect(await other.sweepNow()).toBe(1);
    gate.resolve();
    expect(await working).toBe(1);
    expect(await second.sweepNow()).toBe(1);
    await Promise.all([first, second, other].map(({ stop }) => stop()));
  });

  test('sweep again after an error, which is logged and rolled back', async () => {
    const { logger, lines } = collectingLogger();
    const plan = { id: newId(), name: 'Plan', includesSms: true };
    let turns = 0;
    const { stop } = sweeper({
      logger,
      everyMs: 1,
      async sweep({ db }) {
        turns += 1;
        if (turns > 1) return 1;
        await db.plan.create({ data: plan });
        throw new Error('deadlock');
      },
    });
    await until('the sweeper goes on', () => turns >= 3);
    await stop();
    expect(lines().filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(await database.prisma.plan.count({ where: { id: plan.id } })).toBe(0);
  });

  test('are told in which queues jobs pile up', async () => {
    let longQueues: ReadonlySet<string> = new Set(['slow']);
    const { sweepNow, stop } = sweeper({
      findLongQueues: async () => longQueues,
      sweep: async (_tx, circumstances) => (circumstances.longQueues.has('slow') ? 1 : 2),
    });
    expect(await sweepNow()).toBe(1);
    longQueues = new Set();
    expect(await sweepNow()).toBe(2);
    await stop();
  });

  test('that are stopped finish the running sweep and start no other', async () => {
    const events: string[] = [];
    const started = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const { stop } = sweeper({
      everyMs: 1,
      async sweep() {
        events.push('started');
        started.resolve();
        await gate.promise;
        events.push('ended');
        return 0;
      },
    });
    await started.promise;
    const stopped = stop().then(() => events.push('stopped'));
    gate.resolve();
    await stopped;
    // Several turns would fit into the time that another one, started afterwards, takes for its first.
    let turns = 0;
    const other = sweeper({ everyMs: 1, sweep: async () => ++turns });
    await until('another sweeper has worked', () => turns >= 3);
    await other.stop();
    expect(events).toEqual(['started', 'ended', 'stopped']);
  });
});
