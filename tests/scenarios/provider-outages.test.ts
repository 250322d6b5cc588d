import { describeOnEachQueue } from '@tollgate/shared/testing/test-queues.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { afterEach, expect, test } from 'vitest';
import { type System, startSystem } from './system.ts';
import { delivered, expectNothingLost, moreAccepted, startEverything, startLoadOn } from './under-load.ts';

const SECOND_MS = 1_000;
const CODE_VALIDITY_MS = 60 * SECOND_MS;

let system: System | undefined;

afterEach(async () => {
  await system?.close();
  system = undefined;
}, 60_000);

// Shortened: each kind of trouble lasts as long as the applications need for forty requests, about two seconds, and
// then 22 seconds are skipped in the rows (their waits, their validity). `npm run chaos` takes the real two minutes.
const SKIPPED_MS = 22 * SECOND_MS;

describeOnEachQueue('a provider that is away for two minutes', (backend) => {
  test('costs no message but the codes whose time is over, and those are never sent', async () => {
    system = await startEverything(await startSystem(backend));
    const { prisma, simulator, gates } = system;
    const load = await startLoadOn(system, { codeValidityMs: CODE_VALIDITY_MS });
    const troubles = [
      () => gates.provider.shut(),
      async () => {
        simulator.faults.set({
          always: { kind: 'status', status: 503 },
          lookups: { kind: 'status', status: 503 },
        });
        await gates.provider.open();
      },
      () => simulator.faults.set({ always: { kind: 'cut', afterTaking: false }, lookups: { kind: 'cut' } }),
      () => simulator.faults.set({ always: { kind: 'cut', afterTaking: true }, lookups: { kind: 'cut' } }),
      // Whoever hangs is cut off at the end, when the port is closed once more.
      () => simulator.faults.set({ always: { kind: 'hang', afterTaking: false }, lookups: { kind: 'hang' } }),
    ];
    for (const begin of troubles) {
      await begin();
      await moreAccepted(load, 40);
      await system.skipTime(SKIPPED_MS);
    }
    await gates.provider.shut();
    const worthless = await findWorthless(system);
    expect(worthless.length).toBeGreaterThan(0);
    simulator.faults.clear();
    await gates.provider.open();

    const before = await delivered(system);
    const running = system;
    await until('messages are delivered again', async () => (await delivered(running)) > before, {
      withinMs: 30_000,
    });
    await expectNothingLost(running, load);
    const late = { reference: { in: worthless }, NOT: { state: 'expired' } };
    expect(await prisma.message.findMany({ where: late, select: { reference: true, state: true } })).toEqual(
      [],
    );
    const states = await prisma.message.groupBy({ by: ['state'], _count: true });
    expect(states.map(({ state }) => state).sort()).toEqual(['delivered', 'expired']);
  }, 180_000);
});

/** The codes whose time is over and that the provider does not have: judged unsent when they end as expired. */
async function findWorthless({ prisma, simulator }: System): Promise<string[]> {
  const codes = await prisma.message.findMany({
    where: { category: 'priority', expiresAt: { lte: systemClock.now() } },
  });
  const received = new Set(simulator.received().map(({ body }) => body));
  return codes.map(({ reference }) => reference ?? '').filter((reference) => !received.has(reference));
}
