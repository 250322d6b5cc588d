import { describeOnEachQueue } from '@tollgate/shared/testing/test-queues.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import { afterEach, expect, test } from 'vitest';
import { findDiscrepancies } from './books.ts';
import { type ServiceName, type System, startSystem } from './system.ts';

const WITHIN = { withinMs: 75_000 };
const workers = ['sms-sender', 'usage-aggregator', 'invoicer', 'notifier'] as const;
const bodies = Array.from({ length: 20 }, (_, index) => `Message-${index}`);

let system: System | undefined;

afterEach(async () => {
  await system?.close();
  system = undefined;
}, 60_000);

/** Everything running: one api, two of every worker. */
async function startAll(backend: 'redis' | 'postgres'): Promise<System> {
  const running = await startSystem(backend);
  system = running;
  await running.start('api');
  await Promise.all([...workers, ...workers].map((name) => running.start(name)));
  return running;
}

/** Kills all processes of a service and starts as many again. */
async function cutPower(running: System, name: ServiceName): Promise<Date> {
  const killed = await running.killAll(name);
  const deathAt = systemClock.now();
  await Promise.all(killed.map(() => running.start(name)));
  return deathAt;
}

/** Waits for a condition while time passes for what is waiting. */
function inTime(running: System, what: string, condition: () => Promise<boolean>, deathAt = new Date(0)) {
  return until(
    what,
    async () => {
      await running.letTimePass(deathAt);
      return condition();
    },
    WITHIN,
  );
}

const allDelivered = (running: System, tenantId: string) => async () =>
  (await running.prisma.message.count({ where: { tenantId, state: 'delivered' } })) === bodies.length;
const rolledUp = (running: System, tenantId: string) => async () =>
  (await running.prisma.usageEvent.count({
    where: { tenantId, meter: SMS_METER, NOT: { rollupId: null } },
  })) === bodies.length;
const confirmed = (running: System, tenantId: string) => async () =>
  (await running.prisma.stripePush.count({ where: { tenantId, state: 'confirmed' } })) === 1;
const mailed = (running: System, tenantId: string) => async () =>
  (await running.prisma.notification.count({ where: { tenantId, NOT: { sentAt: null } } })) === 1;
const paid = (running: System, tenantId: string) => async () =>
  (await running.prisma.invoice.count({ where: { tenantId, state: 'paid' } })) === 1;

/** One SMS, one charge, one invoice item, one mail; paid, and the books in order. */
async function expectEverythingOnce(running: System, tenantId: string) {
  expect(
    running.simulator
      .received()
      .map(({ body }) => body)
      .toSorted(),
  ).toEqual(bodies.toSorted());
  expect(await running.prisma.ledgerEntry.count({ where: { tenantId, kind: 'sms_send' } })).toBe(
    bodies.length,
  );
  const items = running.stripe.objects.invoiceItems();
  expect(items.map(({ amount }) => amount)).toEqual([bodies.length * 150]);
  expect(new Set(running.mail.messages().map(({ messageId }) => messageId)).size).toBe(1);
  expect(await running.prisma.account.findFirst({ where: { tenantId } })).toMatchObject({
    balanceMicros: 0n,
    reservedMicros: 0n,
  });
  expect(await findDiscrepancies(running.prisma)).toEqual([]);
}

async function sendAll(running: System, key: string) {
  const answers = await Promise.all(bodies.map((body) => running.send(key, body, body)));
  expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 202));
}

describeOnEachQueue('from the request to the payment, everything happens once', (backend) => {
  test('with two of every worker', async () => {
    const running = await startAll(backend);
    const { tenant, key } = await running.billedTenant();
    await sendAll(running, key);
    await inTime(running, 'delivered', allDelivered(running, tenant.id));
    await running.closeMonth(tenant.id);
    await inTime(running, 'the item is at Stripe', confirmed(running, tenant.id));
    await inTime(running, 'the summary is mailed', mailed(running, tenant.id));
    running.renewSubscriptions();
    await inTime(running, 'paid', paid(running, tenant.id));
    await inTime(running, 'rolled up', rolledUp(running, tenant.id));
    await expectEverythingOnce(running, tenant.id);
  }, 180_000);

  test.each([
    ['before', false],
    ['after', true],
  ] as const)(
    'when every service is killed %s its outside call took effect',
    async (_, tookEffect) => {
      const running = await startAll(backend);
      const { tenant, key } = await running.billedTenant();

      running.simulator.faults.set({ always: { kind: 'hang', afterTaking: tookEffect } });
      await sendAll(running, key);
      await until(
        'a hand-over hangs',
        async () => (await running.prisma.messageAttempt.count({ where: { tenantId: tenant.id } })) > 0,
        WITHIN,
      );
      const senderDiedAt = await cutPower(running, 'sms-sender');
      running.simulator.faults.clear();
      await cutPower(running, 'api');
      await inTime(running, 'delivered', allDelivered(running, tenant.id), senderDiedAt);
      await cutPower(running, 'usage-aggregator');

      running.stripe.faults.set({ always: { kind: 'hang', afterWriting: tookEffect } });
      running.mail.faults.set({ always: { kind: 'hang', afterAccepting: tookEffect } });
      await running.closeMonth(tenant.id);
      await until(
        'a push is on its way',
        async () => (await running.prisma.stripePush.count({ where: { tenantId: tenant.id } })) > 0,
        WITHIN,
      );
      await until(
        'a mail is on its way',
        async () =>
          (await running.prisma.notification.count({ where: { tenantId: tenant.id, attempts: { gt: 0 } } })) >
          0,
        WITHIN,
      );
      const invoicerDiedAt = await cutPower(running, 'invoicer');
      await cutPower(running, 'notifier');
      running.stripe.faults.clear();
      running.mail.faults.clear();
      await inTime(running, 'the item is at Stripe', confirmed(running, tenant.id), invoicerDiedAt);
      await inTime(running, 'the summary is mailed', mailed(running, tenant.id));

      running.renewSubscriptions();
      await cutPower(running, 'api');
      const collectorDiedAt = await cutPower(running, 'invoicer');
      await inTime(running, 'paid', paid(running, tenant.id), collectorDiedAt);
      await inTime(running, 'rolled up', rolledUp(running, tenant.id));
      await expectEverythingOnce(running, tenant.id);
    },
    180_000,
  );
});
