import { describeOnEachQueue } from '@tollgate/shared/testing/test-queues.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import { afterEach, expect, test } from 'vitest';
import { type System, startSystemOnOwnServers } from './system.ts';
import { expectNothingLost, moreAccepted, startEverything, startLoadOn, workers } from './under-load.ts';

const HOUR_MS = 3_600_000;

let system: System | undefined;

afterEach(async () => {
  await system?.close();
  system = undefined;
}, 60_000);

describeOnEachQueue('a PostgreSQL that is restarted under load', (backend) => {
  test('costs no message and no service, whether it is shut down or crashes', async () => {
    const running = await startEverything(await startSystemOnOwnServers(backend));
    system = running;
    const load = await startLoadOn(running, { codeValidityMs: HOUR_MS });
    for (const mode of ['fast', 'immediate', 'fast', 'immediate'] as const) {
      await running.database.stopServer(mode);
      await running.database.startServer();
      await moreAccepted(load, 40);
    }
    await expectNothingLost(running, load, { mayLeaveActiveJobs: true });
    expect(running.events).toEqual([]);
    await expectEachToWorkAlone(running);
  }, 180_000);
});

/** Sends a message twice, each time with one of every two workers at a standstill: none hangs unseen behind its twin. */
async function expectEachToWorkAlone(running: System): Promise<void> {
  for (const place of [0, 1]) {
    const resting = workers.flatMap(
      (worker) => running.services.filter(({ name }) => name === worker)[place] ?? [],
    );
    expect(resting).toHaveLength(workers.length);
    for (const service of resting) service.pause();
    // A new one: what rests in the middle of another tenant's roll-up keeps that tenant waiting until its lock ends.
    const { tenant, key } = await running.tenantWithKey();
    await running.send(key, `alone-${place}`, `alone-${place}`);
    await until(
      'it is delivered and metered',
      async () => {
        const counted = { tenantId: tenant.id, meter: SMS_METER, NOT: { rollupId: null } };
        return (await running.prisma.usageEvent.count({ where: counted })) === 1;
      },
      { withinMs: 30_000 },
    );
    for (const service of resting) service.resume();
  }
}
