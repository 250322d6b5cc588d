import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { leaveCrossing, openCrossing } from '../src/alerts/crossings.ts';
import { closeOperatorAlert, raiseOperatorAlert } from '../src/alerts/operator-alerts.ts';
import { watchDeadLetters } from '../src/alerts/watch-dead-letters.ts';
import { watchLowBalance } from '../src/alerts/watch-low-balance.ts';
import { watchRoutes } from '../src/alerts/watch-routes.ts';
import { watchUnpaid } from '../src/alerts/watch-unpaid.ts';
import { recordPurchase } from '../src/credit/record-purchase.ts';
import { bury } from '../src/dead-letters/bury.ts';
import { newId, toPublicId } from '../src/ids/ids.ts';
import { sendNotification } from '../src/queues/catalog.ts';
import type { Transaction } from '../src/runtime/transaction.ts';
import { buildMessages, type MessageOverrides } from '../src/testing/build-message.ts';
import { buildTenant, type TenantOverrides, type TestTenant, testNow } from '../src/testing/build-tenant.ts';
import { buildUnpaidInvoice } from '../src/testing/build-unpaid-invoice.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { DAY_MS, MINUTE_MS } from '../src/time/durations.ts';

const database = await createTestDatabase();
const { prisma } = database;
afterAll(database.close);

let enqueued: string[] = [];
beforeEach(() => {
  enqueued = [];
});

const later = (ms: number) => new Date(testNow.getTime() + ms);
const work = <Result>(step: (tx: Transaction) => Promise<Result>) =>
  prisma.$transaction((db) => step({ db, enqueue: ({ name }) => void enqueued.push(name) }));

const crossingsOf = ({ id: tenantId }: TestTenant) =>
  prisma.alertCrossing.findMany({ where: { tenantId }, orderBy: { crossedAt: 'asc' } });
const alertsOf = (kind: string) =>
  prisma.operatorAlert.findMany({ where: { kind }, orderBy: { openedAt: 'asc' } });

async function tenantWith(settings: object, overrides: TenantOverrides = {}): Promise<TestTenant> {
  const tenant = await buildTenant(prisma, overrides);
  await prisma.billingSettings.update({ where: { tenantId: tenant.id }, data: settings });
  return tenant;
}

describe('a crossing', () => {
  test('is opened by one of many at once, and again only after it was left', async () => {
    const { id: tenantId } = await buildTenant(prisma);
    const crossing = { tenantId, kind: 'threshold', line: '80', detail: {} } as const;
    const ids = await Promise.all(Array.from({ length: 8 }, () => openCrossing(prisma, crossing, testNow)));
    expect(ids.filter((id) => id !== null)).toHaveLength(1);
    expect(await openCrossing(prisma, { ...crossing, line: '100' }, testNow)).not.toBeNull();
    expect(await leaveCrossing(prisma, { ...crossing }, later(1))).toBe(1);
    expect(await leaveCrossing(prisma, { ...crossing }, later(2))).toBe(0);
    expect(await openCrossing(prisma, crossing, later(3))).not.toBeNull();
    expect(await leaveCrossing(prisma, { tenantId, kind: 'threshold' }, later(4))).toBe(2);
  });
});

describe('an operators’ alert', () => {
  test('is new once, seen again until it is closed, and new after that', async () => {
    const alert = { kind: 'test', subject: 'one', detail: 'first' };
    expect(await raiseOperatorAlert(prisma, alert, testNow)).toBe(true);
    expect(await raiseOperatorAlert(prisma, { ...alert, detail: 'worse' }, later(5))).toBe(false);
    expect(await alertsOf('test')).toMatchObject([{ openedAt: testNow, seenAt: later(5), detail: 'worse' }]);
    expect(await closeOperatorAlert(prisma, alert, later(6), 'operator@example.com')).toBe(true);
    expect(await closeOperatorAlert(prisma, alert, later(7), 'tollgate')).toBe(false);
    expect(await raiseOperatorAlert(prisma, alert, later(8))).toBe(true);
    expect(await alertsOf('test')).toMatchObject([{ closedBy: 'operator@example.com' }, { closedAt: null }]);
  });

  test('raised by many at once is one row', async () => {
    const alert = { kind: 'race', subject: 'one', detail: '' };
    const news = await Promise.all(
      Array.from({ length: 8 }, () => raiseOperatorAlert(prisma, alert, testNow)),
    );
    expect(news.filter(Boolean)).toHaveLength(1);
    expect(await alertsOf('race')).toHaveLength(1);
  });
});

describe('a balance below the tenant’s line', () => {
  const watch = (at: Date) => work((tx) => watchLowBalance(tx, at));
  const buy = (tenant: TestTenant, amountMicros: bigint) =>
    prisma.$transaction((db) => {
      const { id: tenantId, currency } = tenant;
      const purchase = { tenantId, currency, amountMicros, reference: newId(), description: '' };
      return recordPurchase(db, { ...purchase, createdBy: 'test' }, testNow);
    });

  test('is told once, and again when it falls below anew', async () => {
    const tenant = await tenantWith(
      { lowBalanceMicros: 100_000_000n, email: 'books@example.com' },
      { balanceMicros: 100_000_000n },
    );
    await watch(testNow);
    expect(await crossingsOf(tenant)).toEqual([]);
    await prisma.account.updateMany({ where: { tenantId: tenant.id }, data: { reservedMicros: 1n } });
    for (const ms of [1, 2, 3]) await watch(later(ms));
    expect(await crossingsOf(tenant)).toMatchObject([
      { kind: 'low_balance', crossedAt: later(1), detail: { available: '99.999999', line: '100.00' } },
    ]);
    const mails = () => prisma.notification.findMany({ where: { tenantId: tenant.id } });
    expect(await mails()).toMatchObject([{ kind: 'low_balance', recipient: 'books@example.com' }]);
    expect(enqueued).toEqual([sendNotification.name]);
    // On the line it is not left yet: what is reserved and released there would tell again and again.
    await buy(tenant, 9_000_000n);
    await watch(later(4));
    expect(await crossingsOf(tenant)).toMatchObject([{ leftAt: null }]);
    await buy(tenant, 1_000_001n);
    await watch(later(5));
    expect(await crossingsOf(tenant)).toMatchObject([{ leftAt: later(5) }]);
    await prisma.account.updateMany({
      where: { tenantId: tenant.id },
      data: { reservedMicros: 20_000_000n },
    });
    await watch(later(6));
    expect(await crossingsOf(tenant)).toMatchObject([{ leftAt: later(5) }, { leftAt: null }]);
    expect(await mails()).toHaveLength(2);
  });

  test('is nothing to a tenant without a line, and over once the line is taken away', async () => {
    const silent = await buildTenant(prisma, { balanceMicros: 0n });
    const tenant = await tenantWith({ lowBalanceMicros: 1n }, { balanceMicros: 0n });
    await watch(testNow);
    expect(await crossingsOf(silent)).toEqual([]);
    expect(await crossingsOf(tenant)).toHaveLength(1);
    await prisma.billingSettings.update({ where: { tenantId: tenant.id }, data: { lowBalanceMicros: null } });
    await watch(later(1));
    expect(await crossingsOf(tenant)).toMatchObject([{ leftAt: later(1) }]);
  });
});

test('unpaid billings beyond a line are a crossing and an alert until they are paid, which wakes what waits', async () => {
  const tenant = await tenantWith({ unpaidPolicy: 'block', unpaidAgeDays: 30 });
  const id = await buildUnpaidInvoice(prisma, tenant);
  const [held] = await buildMessages(prisma, tenant, [{}]);
  const sleeping = { holdReason: 'unpaid', wakeAt: later(60 * DAY_MS) };
  await prisma.message.update({ where: { id: held?.id as string }, data: sleeping });
  await watchUnpaid(prisma, later(30 * DAY_MS));
  expect(await crossingsOf(tenant)).toEqual([]);
  for (const ms of [1, 2]) await watchUnpaid(prisma, later(30 * DAY_MS + ms));
  expect(await crossingsOf(tenant)).toMatchObject([
    { kind: 'unpaid', leftAt: null, detail: { passed: 'age' } },
  ]);
  const subject = toPublicId('tnt', tenant.id);
  expect(await alertsOf('unpaid_billings')).toMatchObject([{ subject, closedAt: null }]);
  await prisma.invoice.update({ where: { id }, data: { state: 'paid', paidAt: testNow } });
  const paidAt = later(31 * DAY_MS);
  await watchUnpaid(prisma, paidAt);
  expect(await crossingsOf(tenant)).toMatchObject([{ leftAt: paidAt }]);
  expect(await alertsOf('unpaid_billings')).toMatchObject([{ closedBy: 'tollgate' }]);
  const woken = await prisma.message.findUniqueOrThrow({ where: { id: held?.id as string } });
  expect(woken.wakeAt).toEqual(paidAt);
});

test('a route that costs more than it brings is an alert until it no longer does', async () => {
  const tenant = await buildTenant(prisma);
  const sent = async (costMicros: bigint, costCurrency: string, override: MessageOverrides) => {
    const [message] = await buildMessages(prisma, tenant, [override]);
    await prisma.message.update({
      where: { id: message?.id as string },
      data: { providerCostMicros: costMicros, providerCostCurrency: costCurrency },
    });
  };
  await sent(2_000_000n, 'CZK', { country: 'SK' });
  await sent(1_000_000n, 'CZK', { country: 'CZ' });
  await sent(9_000_000n, 'EUR', { country: 'DE' });
  await sent(9_000_000n, 'CZK', { country: 'PL', mode: 'test' });
  const soon = later(MINUTE_MS);
  expect(await watchRoutes(prisma, soon)).toBe(1);
  await watchRoutes(prisma, soon);
  expect(await alertsOf('route_below_cost')).toMatchObject([
    { subject: 'SK CZK', closedAt: null, detail: expect.stringMatching(/2\.00 CZK.*1\.50 CZK/) },
  ]);
  await sent(500_000n, 'CZK', { country: 'SK' });
  await watchRoutes(prisma, soon);
  expect(await alertsOf('route_below_cost')).toMatchObject([{ closedBy: 'tollgate' }]);
  await sent(9_000_000n, 'CZK', { country: 'SK' });
  expect(await watchRoutes(prisma, soon)).toBe(1);
  // A day later nothing of it is left to compare.
  expect(await watchRoutes(prisma, later(2 * DAY_MS))).toBe(0);
});

test('dead letters are one alert per queue, closed once all are decided', async () => {
  const letter = (jobId: string) =>
    work((tx) =>
      bury(
        tx,
        {
          queue: 'send-messages',
          jobId,
          payload: {},
          failureClass: 'test',
          failureDetail: '',
          fingerprint: 'test',
          attempts: 1,
        },
        testNow,
      ),
    );
  await letter('1');
  await letter('2');
  await watchDeadLetters(prisma, testNow);
  expect(await alertsOf('dead_letters')).toMatchObject([
    { subject: 'send-messages', detail: expect.stringMatching(/^2 /), closedAt: null },
  ]);
  await prisma.deadLetter.updateMany({
    data: { state: 'discarded', resolvedAt: testNow, resolvedBy: 'test' },
  });
  await watchDeadLetters(prisma, later(1));
  expect(await alertsOf('dead_letters')).toMatchObject([{ closedBy: 'tollgate' }]);
});
