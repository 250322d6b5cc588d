import { afterAll, expect, test } from 'vitest';
import { ZodError, z } from 'zod';
import { newId } from '../src/ids/ids.ts';
import { defineQueue } from '../src/queues/define-queue.ts';
import { createProducer } from '../src/runtime/producer.ts';
import type { QueueConnection } from '../src/runtime/queue-connection.ts';
import { inTransaction } from '../src/runtime/transaction.ts';
import { collectingLogger } from '../src/testing/collecting-logger.ts';
import { startRelay } from '../src/testing/start-relay.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { describeOnEachQueue, openTestQueue, queueUrl } from '../src/testing/test-queues.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

function wakeUpQueue() {
  return defineQueue({
    name: `wake-ups-${newId()}`,
    payload: z.object({ ids: z.array(z.uuid()).min(1) }),
    retry: { attemptsMax: 2, firstDelayMs: 10 },
  });
}

function newPlan(id = newId()) {
  return { id, name: 'Plan', includesSms: true };
}

function isStored(id: string): Promise<boolean> {
  return prisma.plan.count({ where: { id } }).then((count) => count === 1);
}

describeOnEachQueue('a transaction', (backend) => {
  const queue = wakeUpQueue();

  async function waiting(connection: QueueConnection): Promise<unknown[]> {
    const jobs = await connection.queue(queue.name).getJobs();
    return jobs.map(({ data }) => data as unknown);
  }

  async function withProducer(
    url: string,
    work: (connection: QueueConnection, deps: Parameters<typeof inTransaction>[0]) => Promise<void>,
  ) {
    const connection = await openTestQueue(backend, database, { url });
    try {
      await work(connection, {
        prisma,
        producer: createProducer({ connection, logger: collectingLogger().logger }),
      });
    } finally {
      await connection.queue(queue.name).obliterate({ force: true });
      await connection.close();
    }
  }

  test('adds its wake-ups after the commit, never before', async () => {
    await withProducer(queueUrl(backend, database), async (connection, deps) => {
      const plan = newPlan();
      await inTransaction(deps, async (tx) => {
        tx.enqueue(queue, { ids: [plan.id] });
        await tx.db.plan.create({ data: plan });
        expect(await waiting(connection)).toEqual([]);
      });
      expect(await waiting(connection)).toEqual([{ ids: [plan.id] }]);
      expect(await isStored(plan.id)).toBe(true);
    });
  });

  test('that rolls back adds nothing', async () => {
    await withProducer(queueUrl(backend, database), async (connection, deps) => {
      const plan = newPlan();
      const work = inTransaction(deps, async (tx) => {
        await tx.db.plan.create({ data: plan });
        tx.enqueue(queue, { ids: [plan.id] });
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
      expect(await waiting(connection)).toEqual([]);
      expect(await isStored(plan.id)).toBe(false);
    });
  });

  test('with a payload that does not fit its queue commits nothing', async () => {
    await withProducer(queueUrl(backend, database), async (connection, deps) => {
      const plan = newPlan();
      const work = inTransaction(deps, async (tx) => {
        await tx.db.plan.create({ data: plan });
        tx.enqueue(queue, { ids: ['no id'] });
      });
      await expect(work).rejects.toThrow(ZodError);
      expect(await isStored(plan.id)).toBe(false);
      expect(await waiting(connection)).toEqual([]);
    });
  });

  test.each(['opened before', 'not opened yet'])('succeeds while its queue, %s, is away', async (which) => {
    const relay = await startRelay(queueUrl(backend, database));
    const { logger, lines } = collectingLogger();
    const connection = await openTestQueue(backend, database, { url: relay.url });
    if (which === 'opened before') await connection.queue(queue.name).waitUntilReady();
    const plan = newPlan();
    const startedAt = performance.now();
    await relay.cut();
    await inTransaction({ prisma, producer: createProducer({ connection, logger }) }, async (tx) => {
      await tx.db.plan.create({ data: plan });
      tx.enqueue(queue, { ids: [plan.id] });
    });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(await isStored(plan.id)).toBe(true);
    expect(lines()).toMatchObject([{ level: 'warn', queue: queue.name }]);
    await connection.close();
  });
});

test('two transactions in a deadlock are both done in the end, each once', async () => {
  const [first, second] = [newPlan(), newPlan()];
  await prisma.plan.createMany({ data: [first, second] });
  const deps = { prisma, producer: { enqueue: async () => undefined } };
  let waiting = 2;
  const { promise: bothHoldOne, resolve } = Promise.withResolvers<void>();
  const rename = (ids: string[], suffix: string) =>
    inTransaction(deps, async ({ db }) => {
      for (const id of ids) {
        await db.$executeRaw`UPDATE plans SET name = name || ${suffix} WHERE id = ${id}`;
        waiting -= 1;
        if (waiting === 0) resolve();
        await bothHoldOne;
      }
    });
  await Promise.all([rename([first.id, second.id], ' a'), rename([second.id, first.id], ' b')]);
  const plans = await prisma.plan.findMany({ where: { id: { in: [first.id, second.id] } } });
  for (const { name } of plans) expect(name.split(' ').toSorted()).toEqual(['Plan', 'a', 'b']);
});
