import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import { describeOnEachQueue } from '@tollgate/shared/testing/test-queues.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { afterEach, expect, test } from 'vitest';
import { findDiscrepancies } from './books.ts';
import { type System, startSystem } from './system.ts';

const WITHIN = { withinMs: 75_000 };

let system: System | undefined;

afterEach(async () => {
  await system?.close();
  system = undefined;
}, 60_000);

async function startWith(backend: QueueBackend, senders: number): Promise<System> {
  system = await startSystem(backend);
  await system.start('api');
  for (let count = 0; count < senders; count += 1) await system.start('sms-sender');
  return system;
}

const bodiesOf = (count: number) => Array.from({ length: count }, (_, index) => `Message-${index}`);

/** Every message delivered, handed over exactly once, charged exactly once, and the books in order. */
async function expectDeliveredOnce(
  running: System,
  tenantId: string,
  bodies: readonly string[],
  deathAt?: Date,
) {
  await until(
    'every message is delivered',
    async () => {
      await running.letTimePass(deathAt ?? new Date(0));
      const delivered = await running.prisma.message.count({ where: { tenantId, state: 'delivered' } });
      return delivered === bodies.length;
    },
    WITHIN,
  );
  const received = running.simulator.received().map(({ body }) => body);
  expect(received.toSorted()).toEqual([...bodies].sort());
  const charges = await running.prisma.ledgerEntry.count({ where: { tenantId, kind: 'sms_send' } });
  expect(charges).toBe(bodies.length);
  expect(await findDiscrepancies(running.prisma)).toEqual([]);
}

describeOnEachQueue('one hand-over and one charge per message', (backend) => {
  test('when both senders are killed while the provider holds their calls', async () => {
    const running = await startWith(backend, 0);
    const senders = [await running.start('sms-sender'), await running.start('sms-sender')];
    const { tenant, key } = await running.tenantWithKey();
    const bodies = bodiesOf(40);
    running.simulator.faults.set({ always: { kind: 'hang', afterTaking: true } });
    await Promise.all(bodies.map((body) => running.send(key, body, body)));
    await until('the provider has taken some', () => running.simulator.received().length > 0, WITHIN);
    await Promise.all(senders.map((sender) => sender.kill()));
    const deathAt = systemClock.now();
    running.simulator.faults.clear();
    await running.start('sms-sender');
    await running.start('sms-sender');
    await expectDeliveredOnce(running, tenant.id, bodies, deathAt);
  }, 180_000);

  test('when a sender is killed again and again under load', async () => {
    const running = await startWith(backend, 1);
    const { tenant, key } = await running.tenantWithKey();
    const bodies = bodiesOf(90);
    for (let round = 0; round < 3; round += 1) {
      const victim = await running.start('sms-sender');
      const sending = bodies.slice(round * 30, (round + 1) * 30).map((body) => running.send(key, body, body));
      await Promise.race(sending);
      await victim.kill();
      await Promise.all(sending);
    }
    await expectDeliveredOnce(running, tenant.id, bodies, systemClock.now());
  }, 180_000);

  test('when the api is killed while it answers, and the application asks again with the same keys', async () => {
    const running = await startWith(backend, 2);
    const { tenant, key } = await running.tenantWithKey();
    const bodies = bodiesOf(60);
    const first = Promise.allSettled(bodies.map((body) => running.send(key, body, body)));
    await until(
      'some are stored',
      async () => (await running.prisma.message.count({ where: { tenantId: tenant.id } })) > 0,
      WITHIN,
    );
    await running.killAll('api');
    await first;
    await running.start('api');
    const answers = await Promise.all(bodies.map((body) => running.send(key, body, body)));
    expect(answers.every(({ status }) => status === 202)).toBe(true);
    await expectDeliveredOnce(running, tenant.id, bodies);
  }, 180_000);

  test('when the queue is emptied in full flight', async () => {
    const running = await startWith(backend, 2);
    const { tenant, key } = await running.tenantWithKey();
    const bodies = bodiesOf(60);
    const sending = bodies.map((body) => running.send(key, body, body));
    for (let round = 0; round < 5; round += 1) {
      await Promise.race(sending.slice(round * 10));
      await running.emptyQueue();
    }
    await Promise.all(sending);
    await running.emptyQueue();
    await expectDeliveredOnce(running, tenant.id, bodies);
  }, 180_000);
});

describeOnEachQueue('credit for ten', (backend) => {
  test('lets exactly ten of fifty parallel requests through, with two senders', async () => {
    const running = await startWith(backend, 2);
    const { tenant, key } = await running.tenantWithKey({ balanceMicros: 15_000_000n });
    await Promise.all(bodiesOf(50).map((body) => running.send(key, body, body)));
    await until(
      'nothing is on its way',
      async () =>
        (await running.prisma.message.count({ where: { tenantId: tenant.id, finishedAt: null } })) === 0,
      WITHIN,
    );
    expect(running.simulator.received()).toHaveLength(10);
    expect(await running.prisma.message.count({ where: { tenantId: tenant.id, state: 'delivered' } })).toBe(
      10,
    );
    expect(await running.prisma.account.findFirst({ where: { tenantId: tenant.id } })).toMatchObject({
      balanceMicros: 0n,
      reservedMicros: 0n,
    });
    expect(await findDiscrepancies(running.prisma)).toEqual([]);
  }, 60_000);
});
