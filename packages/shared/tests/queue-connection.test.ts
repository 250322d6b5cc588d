import { afterAll, expect, test } from 'vitest';
import { newId } from '../src/ids/ids.ts';
import { openQueueConnection } from '../src/runtime/queue-connection.ts';
import { startRelay } from '../src/testing/start-relay.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { describeOnEachQueue, openTestQueue, queueBackends, queueUrl } from '../src/testing/test-queues.ts';

const database = await createTestDatabase();
afterAll(database.close);

async function secondsOf(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return (performance.now() - startedAt) / 1_000;
}

describeOnEachQueue('a queue connection', (backend) => {
  test('answers a ping, and opens each queue once', async () => {
    const connection = await openTestQueue(backend, database);
    await connection.ping();
    expect(connection.backend).toBe(backend);
    expect(connection.queue('send-messages')).toBe(connection.queue('send-messages'));
    await connection.close();
  });

  test('tells within seconds that the server has gone, and can still be closed', async () => {
    const relay = await startRelay(queueUrl(backend, database));
    const connection = await openTestQueue(backend, database, { url: relay.url });
    await connection.ping();
    await relay.cut();
    expect(await secondsOf(expect(connection.ping()).rejects.toThrow())).toBeLessThan(3);
    await connection.close();
  });

  test('tells within seconds that the server does not answer', async () => {
    const relay = await startRelay(queueUrl(backend, database));
    const connection = await openTestQueue(backend, database, { url: relay.url });
    await connection.ping();
    relay.freeze();
    expect(await secondsOf(expect(connection.ping()).rejects.toThrow())).toBeLessThan(3);
    await relay.cut();
    await connection.close();
  });

  test('to a server that is not there is refused at start', async () => {
    const relay = await startRelay(queueUrl(backend, database));
    await relay.cut();
    await expect(openTestQueue(backend, database, { url: relay.url })).rejects.toThrow();
  });

  test('left with a running worker fails the test that left it', async () => {
    const connection = await openTestQueue(backend, database);
    const worker = connection.worker(`left-${newId()}`, async () => undefined, {});
    worker.on('error', () => undefined);
    await worker.waitUntilReady();
    await expect(connection.close()).rejects.toThrow('workers left running: left-');
  });
});

test.each(queueBackends.filter((backend) => backend === 'redis'))(
  'a wake-up that %s does not answer goes another way within seconds',
  async (backend) => {
    const relay = await startRelay(queueUrl(backend, database));
    const connection = await openTestQueue(backend, database, { url: relay.url });
    const queue = connection.queue('send-messages');
    await queue.add('before', {});
    relay.freeze();
    expect(await secondsOf(queue.add('meanwhile', {}))).toBeLessThan(4);
    await connection.close();
  },
);

test('on postgres one worker more than announced is refused, instead of hanging', async () => {
  const connection = await openQueueConnection({ url: database.ownerUrl, prefix: 'any', workersMax: 1 });
  const worker = connection.worker(`first-${newId()}`, async () => undefined, {});
  // Closed while it is still connecting, it tells so.
  worker.on('error', () => undefined);
  expect(() => connection.worker('second', async () => undefined, {})).toThrow('raise workersMax');
  await worker.close();
  await connection.close();
});
