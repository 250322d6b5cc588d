import { beforeEach, describe, expect, test } from 'vitest';
import { gatewayForEachTest } from './gateway.ts';

const gateway = gatewayForEachTest();

let billed: Awaited<ReturnType<ReturnType<typeof gateway>['billedTenant']>>;

/** Sends one message in the last hours of March; returns the attempt that the provider reports on. */
async function sendInMarch(): Promise<string> {
  const { send, work, attempts, prisma } = gateway();
  expect((await send(billed.key, { to: '+420777123456', body: 'See you tomorrow.' })).status).toBe(202);
  await work();
  const message = await prisma.message.findFirstOrThrow({ where: { tenantId: billed.tenant.id } });
  return (await attempts(message.id))[0]?.id ?? '';
}

/** The provider reports a result that happened at this moment; twice, as it likes to do. */
async function report(attempt: string, result: string) {
  const timestamp = Math.floor(gateway().clock.now().getTime() / 1_000);
  const event = { type: 'outgoing', timestamp, payload: { attempt }, result };
  for (let copy = 0; copy < 2; copy += 1) await gateway().report(JSON.stringify([event]));
  await gateway().work();
}

async function closeMonthAt(instant: string) {
  gateway().goTo(instant);
  await gateway().closeMonth();
}

/** What each closed month asked for: its local begin, and micros. */
async function invoicedMonths() {
  const invoices = await gateway().prisma.invoice.findMany({
    where: { tenantId: billed.tenant.id },
    include: { period: true },
    orderBy: { period: { startsAt: 'asc' } },
  });
  return invoices.map(({ period, usageMicros }) => [period?.endsAt.toISOString(), usageMicros]);
}

const endOfMarch = '2026-03-31T22:00:00.000Z';
const endOfApril = '2026-04-30T22:00:00.000Z';

beforeEach(async () => {
  billed = await gateway().billedTenant();
  gateway().goTo('2026-03-31T20:00:00Z');
});

describe('8. A rejected message', () => {
  test('is never billed: no entry, no invoice, no item', async () => {
    const attempt = await sendInMarch();
    await report(attempt, 'rejected');
    await closeMonthAt('2026-04-01T02:00:00Z');
    expect(await gateway().bookings(billed.tenant.id)).toEqual([]);
    expect(await invoicedMonths()).toEqual([]);
    expect(gateway().itemsOf(billed.customer)).toEqual([]);
    expect(await gateway().account(billed.tenant.id)).toMatchObject({
      balanceMicros: 0n,
      reservedMicros: 0n,
    });
  });

  test('that was reported as sent before comes to nothing', async () => {
    const attempt = await sendInMarch();
    await report(attempt, 'sent');
    await report(attempt, 'rejected');
    await closeMonthAt('2026-04-01T02:00:00Z');
    expect(await gateway().bookings(billed.tenant.id)).toEqual([
      ['sms_send', -1_500_000n],
      ['refund', 1_500_000n],
    ]);
    expect(gateway().itemsOf(billed.customer)).toEqual([]);
  });
});

describe('8. A "delivered" that comes after the month was closed', () => {
  test('bills nothing more where the month was billed for "sent"', async () => {
    const attempt = await sendInMarch();
    await report(attempt, 'sent');
    await closeMonthAt('2026-04-01T02:00:00Z');
    await report(attempt, 'delivered');
    await closeMonthAt('2026-05-01T02:00:00Z');
    expect(await gateway().bookings(billed.tenant.id)).toEqual([['sms_send', -1_500_000n]]);
    expect(await invoicedMonths()).toEqual([[endOfMarch, 1_500_000n]]);
    expect(gateway().itemsOf(billed.customer)).toEqual([150]);
  });

  test('bills the month in which it was charged, once, where the tenant pays for "delivered"', async () => {
    const { prisma } = gateway();
    await prisma.smsSettings.update({
      where: { tenantId: billed.tenant.id },
      data: { chargeOn: 'delivered' },
    });
    const attempt = await sendInMarch();
    await report(attempt, 'sent');
    await closeMonthAt('2026-04-01T02:00:00Z');
    expect(await invoicedMonths()).toEqual([]);
    await report(attempt, 'delivered');
    await closeMonthAt('2026-05-01T02:00:00Z');
    await closeMonthAt('2026-06-01T02:00:00Z');
    expect(await gateway().bookings(billed.tenant.id)).toEqual([['sms_send', -1_500_000n]]);
    expect(await invoicedMonths()).toEqual([[endOfApril, 1_500_000n]]);
    expect(gateway().itemsOf(billed.customer)).toEqual([150]);
  });
});
