import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBurial } from '../src/dead-letters/bury.ts';
import { discardDeadLetters } from '../src/dead-letters/discard-dead-letters.ts';
import { createMirror, mirrorDeadLetters } from '../src/dead-letters/mirror.ts';
import { startDeadLetterSweep } from '../src/dead-letters/start-dead-letter-sweep.ts';
import { newId } from '../src/ids/ids.ts';
import { rollUpUsage } from '../src/queues/catalog.ts';
import { deadLetterQueue } from '../src/queues/define-queue.ts';
import { consume } from '../src/runtime/consumer.ts';
import { lockedMessage } from '../src/testing/locked-message.ts';
import { describeOnEachQueue } from '../src/testing/test-queues.ts';
import { until } from '../src/testing/until.ts';
import { HOUR_MS } from '../src/time/durations.ts';
import { usageOfMessage } from '../src/usage/message-usage.ts';
import { recordUsage } from '../src/usage/record-usage.ts';
import { rollUp } from '../src/usage/roll-up.ts';
import { type DeadLetterFixture, startDeadLetterFixture } from './dead-letters-fixture.ts';

describeOnEachQueue('the board', (backend) => {
  let letters: DeadLetterFixture;
  beforeAll(async () => {
    letters = await startDeadLetterFixture(backend);
  });
  afterAll(() => letters.close());

  const mirrorNow = () => mirrorDeadLetters(letters);

  test('shows a letter that a transaction buried, once, until it is replayed, discarded or over', async () => {
    const tenant = await letters.tenant();
    const given = [];
    for (const category of ['transactional', 'transactional', 'priority'] as const) {
      given.push((await letters.giveUpMessage(tenant, { category })).letterId);
    }
    const [replayed = '', discarded = '', over = ''] = given;
    expect(await letters.mirrored('send-messages')).toEqual(given.toSorted());
    await letters.replay({ id: replayed });
    expect(await letters.mirrored('send-messages')).toEqual([discarded, over].toSorted());
    const request = { selection: { id: discarded }, actor: 'olga', reason: 'told by phone' };
    await discardDeadLetters(letters.deps, request);
    expect(await letters.mirrored('send-messages')).toEqual([over]);
    letters.clock.advance(HOUR_MS);
    const sweep = startDeadLetterSweep(letters);
    await sweep.sweepNow();
    await sweep.stop();
    expect(await letters.mirrored('send-messages')).toEqual([]);
    expect(await letters.letter(over)).toMatchObject({ state: 'expired' });
  });

  test('comes back after it was lost, and loses what was resolved while the queue was away', async () => {
    const [kept, resolved] = [await letters.bury(), await letters.bury()];
    await mirrorNow();
    expect(await mirrorNow()).toEqual({ added: 0, removed: 0 });
    const mirror = letters.connection.queue(deadLetterQueue({ name: 'close-periods' }).name);
    await mirror.drain();
    expect(await letters.mirrored('close-periods')).toEqual([]);
    await mirrorNow();
    expect(await letters.mirrored('close-periods')).toEqual([kept, resolved].toSorted());

    const away = createMirror({
      connection: {
        queue: () => {
          throw new Error('away');
        },
      },
      logger: letters.logger,
    });
    await discardDeadLetters(
      { ...letters.deps, mirror: away },
      { selection: { id: resolved }, actor: 'olga', reason: 'old' },
    );
    expect(await letters.mirrored('close-periods')).toContain(resolved);
    expect(await mirrorNow()).toEqual({ added: 0, removed: 1 });
    expect(await letters.mirrored('close-periods')).toEqual([kept]);
  });

  test('a replayed job runs again and moves its rows', async () => {
    const { prisma, clock, connection, logger } = letters;
    const tenant = await letters.tenant();
    const message = lockedMessage({ id: newId(), tenantId: tenant.id });
    await recordUsage(prisma, [usageOfMessage(message, clock.now())], clock.now());
    let isBroken = true;
    const consumer = consume({
      connection,
      logger,
      bury: createBurial({ prisma, clock }),
      queue: rollUpUsage,
      concurrency: 1,
      handle: async ({ tenantId }) => {
        if (isBroken) throw new RangeError('no such day');
        await rollUp(prisma, { tenantId, wait: true });
      },
    });
    try {
      await connection
        .queue(rollUpUsage.name)
        .add(rollUpUsage.name, { tenantId: tenant.id }, { attempts: 1 });
      await until(
        'the letter is on the board',
        async () => (await letters.mirrored(rollUpUsage.name)).length === 1,
      );
      const rollUps = () => prisma.usageRollup.count({ where: { tenantId: tenant.id } });
      expect(await rollUps()).toBe(0);
      isBroken = false;
      expect(await letters.replay({ tenantId: tenant.id, queue: rollUpUsage.name })).toMatchObject({
        done: 1,
      });
      await until('the usage is rolled up', async () => (await rollUps()) === 1);
      expect(await letters.mirrored(rollUpUsage.name)).toEqual([]);
    } finally {
      await consumer.close();
    }
  });

  test('a job of before Redis was emptied and a new one with its number are two letters', async () => {
    const { prisma, clock, connection, logger } = letters;
    const queue = { ...rollUpUsage, name: `roll-up-${newId()}` };
    const consumer = consume({
      connection,
      logger,
      bury: createBurial({ prisma, clock }),
      queue,
      concurrency: 1,
      handle: () => Promise.reject(new RangeError('broken')),
    });
    try {
      for (const [index, tenantId] of [newId(), newId()].entries()) {
        const created = clock.now().getTime() + index;
        await connection
          .queue(queue.name)
          .add(queue.name, { tenantId }, { attempts: 1, jobId: 'same', timestamp: created });
        await until(
          'the letter is on the board',
          async () => (await letters.mirrored(queue.name)).length === index + 1,
        );
        await connection.queue(queue.name).obliterate({ force: true });
      }
      expect(await prisma.deadLetter.count({ where: { queue: queue.name } })).toBe(2);
    } finally {
      await consumer.close();
    }
  });
});
