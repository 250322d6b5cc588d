import { describeOnEachQueue, queueBackends } from '@tollgate/shared/testing/test-queues.ts';
import { afterEach, describe, expect, test } from 'vitest';
import type { OwnRedis } from '../../infra/chaos/system/system-queue.ts';
import { type System, startSystem, startSystemOnOwnServers } from './system.ts';
import { expectNothingLost, moreAccepted, startEverything, startLoadOn } from './under-load.ts';

const HOUR_MS = 3_600_000;

let system: System | undefined;

afterEach(async () => {
  await system?.close();
  system = undefined;
}, 60_000);

describeOnEachQueue('a queue that is emptied under load, again and again', (backend) => {
  test('costs no message', async () => {
    system = await startEverything(await startSystem(backend));
    const load = await startLoadOn(system, { codeValidityMs: HOUR_MS });
    const senders = system.services.filter(({ name }) => name === 'sms-sender');
    for (let round = 0; round < 6; round += 1) {
      // With the senders at a standstill there is something to lose; emptied at their work, there may not be.
      const isQuiet = round % 2 === 0;
      if (isQuiet) for (const sender of senders) sender.pause();
      await moreAccepted(load, 30);
      await system.emptyQueue();
      for (const sender of senders) sender.resume();
    }
    await expectNothingLost(system, load);
    expect(await system.prisma.message.count({ where: { state: 'expired' } })).toBe(0);
  }, 180_000);
});

// Declared only where there is one; the run says at its start which backends it has.
describe.each(queueBackends.filter((backend) => backend === 'redis'))(
  'a %s that goes away under load',
  () => {
    test('costs no message: in order, by a crash, and with everything it knew', async () => {
      const running = await startEverything(await startSystemOnOwnServers('redis'));
      system = running;
      const redis = running.queue as OwnRedis;
      const load = await startLoadOn(running, { codeValidityMs: HOUR_MS });
      for (const [how, keepsData] of [
        ['in order', true],
        ['crash', true],
        ['crash', false],
      ] as const) {
        await redis.stopServer(how);
        await moreAccepted(load, 30);
        await redis.startServer({ keepsData });
        await moreAccepted(load, 50);
      }
      await expectNothingLost(running, load, { mayLeaveActiveJobs: true });
      expect(running.events).toEqual([]);
    }, 180_000);
  },
);
