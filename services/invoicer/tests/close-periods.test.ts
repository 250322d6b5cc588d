import { closePeriod } from '@tollgate/shared/billing/closing/close-period.ts';
import { collectInvoice, sendNotification } from '@tollgate/shared/queues/catalog.ts';
import { buildTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { DAY_MS, HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { rollUp } from '@tollgate/shared/usage/roll-up.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type InvoicerFixture, startInvoicerFixture, startOfTests } from './invoicer-fixture.ts';

let invoicer: InvoicerFixture;

beforeEach(async () => {
  invoicer = await startInvoicerFixture();
});
afterEach(() => invoicer.close());

/** Moves the clock to an instant. */
function goTo(instant: string) {
  invoicer.clock.advance(new Date(instant).getTime() - invoicer.clock.now().getTime());
}

describe('closing a month', () => {
  test('of a postpaid tenant asks for exactly what was used, and opens the next month', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 3, '2026-03-20T10:00:00Z');
    await invoicer.use(id, 2, '2026-03-25T10:00:00Z', { country: 'SK' });
    goTo('2026-04-01T02:00:00Z');
    expect(await invoicer.tick()).toEqual({ lookedAt: 1, billed: 1, skipped: 0, failed: 0 });

    const [invoice] = await invoicer.invoices(id);
    expect(invoice).toMatchObject({
      document: 'stripe',
      state: 'issued',
      usageMicros: 7_500_000n,
      settlesMicros: 7_500_000n,
      totalMinor: 750n,
    });
    expect(invoice?.lines).toMatchObject([
      { kind: 'usage', country: 'CZ', quantity: 3n, amountMicros: 4_500_000n },
      { kind: 'usage', country: 'SK', quantity: 2n, amountMicros: 3_000_000n },
    ]);
    expect(
      (await invoicer.periods(id)).map(({ startsAt, endsAt, closedAt }) => [
        startsAt.toISOString(),
        endsAt.toISOString(),
        closedAt !== null,
      ]),
    ).toEqual([
      [startOfTests, '2026-03-31T22:00:00.000Z', true],
      ['2026-03-31T22:00:00.000Z', '2026-04-30T22:00:00.000Z', false],
    ]);
    expect(await invoicer.connection.queue(collectInvoice.name).getWaitingCount()).toBe(1);
    expect(await invoicer.connection.queue(sendNotification.name).getWaitingCount()).toBe(1);
  });

  test('of a prepaid tenant gives a statement with nothing to pay', async () => {
    const { id } = await buildTenant(invoicer.prisma, { createdAt: invoicer.clock.now() });
    await invoicer.use(id, 4, '2026-03-20T10:00:00Z');
    goTo('2026-04-01T02:00:00Z');
    await invoicer.tick();
    const [statement] = await invoicer.invoices(id);
    expect(statement).toMatchObject({
      document: 'statement',
      usageMicros: 6_000_000n,
      settlesMicros: 0n,
      totalMinor: 0n,
      wakeAt: null,
    });
    expect(statement?.lines.at(-1)).toMatchObject({ kind: 'covered_by_credit', amountMicros: -6_000_000n });
    expect(await invoicer.connection.queue(collectInvoice.name).getWaitingCount()).toBe(0);
  });

  test('uses a postpaid tenant’s own credit first', async () => {
    const { id } = await invoicer.postpaidTenant({ balanceMicros: 2_000_000n });
    await invoicer.use(id, 3, '2026-03-20T10:00:00Z');
    goTo('2026-04-01T02:00:00Z');
    await invoicer.tick();
    const [invoice] = await invoicer.invoices(id);
    expect(invoice).toMatchObject({ usageMicros: 4_500_000n, settlesMicros: 2_500_000n, totalMinor: 250n });
    expect(invoice?.lines.at(-1)).toMatchObject({ kind: 'covered_by_credit', amountMicros: -2_000_000n });
  });

  test('does not ask again for what an unpaid invoice asks for', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 2, '2026-03-20T10:00:00Z');
    goTo('2026-04-01T02:00:00Z');
    await invoicer.tick();
    await invoicer.use(id, 1, '2026-04-20T10:00:00Z');
    goTo('2026-05-01T02:00:00Z');
    await invoicer.tick();
    expect((await invoicer.invoices(id)).map(({ settlesMicros }) => settlesMicros)).toEqual([
      3_000_000n,
      1_500_000n,
    ]);
  });

  test('that owes less than half a minor unit asks for nothing: it stays on the account', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 1, '2026-03-20T10:00:00Z', { priceMicros: 4_000n });
    goTo('2026-04-01T02:00:00Z');
    await invoicer.tick();
    expect((await invoicer.invoices(id))[0]).toMatchObject({
      document: 'statement',
      settlesMicros: 0n,
      wakeAt: null,
    });
  });

  test('of a postpaid tenant that nobody collects from keeps its usage for the first invoice that is', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.prisma.billingPeriod.updateMany({ where: { tenantId: id }, data: { collection: 'none' } });
    await invoicer.use(id, 10, '2026-03-20T10:00:00Z');
    goTo('2026-04-01T02:00:00Z');
    await invoicer.tick();
    expect(await invoicer.invoices(id)).toEqual([]);
    await invoicer.use(id, 1, '2026-04-20T10:00:00Z');
    goTo('2026-05-01T02:00:00Z');
    await invoicer.tick();
    const [invoice] = await invoicer.invoices(id);
    expect(invoice).toMatchObject({ document: 'stripe', settlesMicros: 16_500_000n });
    expect(invoice?.lines.map(({ kind }) => kind)).toEqual(['late_usage', 'usage']);
  });

  test('without usage makes no invoice and no mail, and the next month is open', async () => {
    const { id } = await invoicer.postpaidTenant();
    goTo('2026-04-01T02:00:00Z');
    expect(await invoicer.tick()).toMatchObject({ billed: 0, skipped: 1 });
    expect(await invoicer.invoices(id)).toEqual([]);
    expect(await invoicer.periods(id)).toHaveLength(2);
  });

  test('puts what arrives after the close on the next invoice, as a labelled late line', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 1, '2026-03-20T10:00:00Z');
    goTo('2026-04-01T02:00:00Z');
    await invoicer.tick();
    await invoicer.use(id, 2, '2026-03-31T20:00:00Z');
    await invoicer.use(id, 3, '2026-04-10T10:00:00Z');
    goTo('2026-05-01T02:00:00Z');
    await invoicer.tick();
    const [march, april] = await invoicer.invoices(id);
    expect(march?.lines.map(({ quantity }) => quantity)).toEqual([1n]);
    expect(april?.lines.map(({ kind, quantity }) => [kind, quantity])).toEqual([
      ['late_usage', 2n],
      ['usage', 3n],
    ]);
    expect(april?.lines[0]?.description).toContain('late from 2026-03-31');
  });

  test('counts what no roll-up had counted yet, and leaves what belongs to the next month', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 2, '2026-03-20T10:00:00Z');
    await invoicer.prisma.$transaction((db) => rollUp(db, { tenantId: id, wait: false }));
    await invoicer.use(id, 3, '2026-03-31T21:59:59Z');
    await invoicer.use(id, 4, '2026-03-31T22:00:00Z');
    goTo('2026-04-01T02:00:00Z');
    await invoicer.tick();
    expect((await invoicer.invoices(id)).map(({ usageMicros }) => usageMicros)).toEqual([7_500_000n]);
    goTo('2026-05-01T02:00:00Z');
    await invoicer.tick();
    expect((await invoicer.invoices(id)).map(({ usageMicros }) => usageMicros)).toEqual([
      7_500_000n,
      6_000_000n,
    ]);
  });
});

describe('whoever closes', () => {
  test('six at once make one record, with every event on it once', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 50, '2026-03-20T10:00:00Z');
    goTo('2026-04-01T02:00:00Z');
    const [period] = await invoicer.periods(id);
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => closePeriod(invoicer.deps, period?.id as string)),
    );
    expect(outcomes.toSorted()).toEqual(['billed', 'gone', 'gone', 'gone', 'gone', 'gone']);
    expect((await invoicer.invoices(id)).map(({ usageMicros }) => usageMicros)).toEqual([75_000_000n]);
    expect(await invoicer.prisma.notification.count({ where: { tenantId: id } })).toBe(1);
    expect(await invoicer.prisma.usageEvent.count({ where: { tenantId: id, rollupId: null } })).toBe(0);
  });

  test('closes beside a roll-up of the same tenant without losing or doubling an event', async () => {
    const { id } = await invoicer.postpaidTenant();
    for (let batch = 0; batch < 10; batch += 1) await invoicer.use(id, 30, '2026-03-20T10:00:00Z');
    goTo('2026-04-01T02:00:00Z');
    const rollUps = Array.from({ length: 6 }, () =>
      invoicer.prisma.$transaction((db) => rollUp(db, { tenantId: id, limit: 40, wait: false })),
    );
    await Promise.all([...rollUps, invoicer.tick()]);
    expect((await invoicer.invoices(id)).map(({ usageMicros }) => usageMicros)).toEqual([450_000_000n]);
  });

  test.each([
    ['in time', ['2026-04-01T04:00:00Z', '2026-05-01T04:00:00Z']],
    [
      'doubled',
      ['2026-04-01T04:00:00Z', '2026-04-01T04:00:00Z', '2026-05-01T04:00:00Z', '2026-05-01T04:00:00Z'],
    ],
    ['late by nine days', ['2026-04-10T04:00:00Z', '2026-05-10T04:00:00Z']],
    ['missed altogether for one month', ['2026-05-01T04:00:00Z']],
  ])('the books are the same when ticks come %s', async (_, ticks) => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 2, '2026-03-20T10:00:00Z');
    await invoicer.use(id, 5, '2026-04-20T10:00:00Z');
    for (const tick of ticks) {
      goTo(tick);
      await invoicer.tick({ trigger: 'monthly' });
    }
    const invoices = await invoicer.invoices(id);
    expect(
      invoices.map(({ period, settlesMicros }) => [period?.startsAt.toISOString(), settlesMicros]),
    ).toEqual([
      [startOfTests, 3_000_000n],
      ['2026-03-31T22:00:00.000Z', 7_500_000n],
    ]);
    const periods = await invoicer.periods(id);
    for (const [index, period] of periods.slice(1).entries())
      expect(period.startsAt).toEqual(periods[index]?.endsAt);
  });

  test.each([
    ['Etc/GMT+12', '2026-04-01T12:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-03-31T10:00:00.000Z'],
  ])(
    'a month in %s ends at its own midnight, and a message before it belongs to it',
    async (timeZone, endsAt) => {
      const { id } = await invoicer.postpaidTenant({ timeZone });
      const end = new Date(endsAt).getTime();
      await invoicer.use(id, 1, new Date(end - 1));
      await invoicer.use(id, 2, new Date(end));
      goTo(new Date(end - 1).toISOString());
      expect(await invoicer.tick()).toMatchObject({ lookedAt: 0 });
      goTo(endsAt);
      await invoicer.tick();
      expect((await invoicer.invoices(id)).map(({ usageMicros }) => usageMicros)).toEqual([1_500_000n]);
      expect((await invoicer.periods(id))[0]?.endsAt.toISOString()).toBe(endsAt);
    },
  );

  test('closes every cadence at any tick, one tenant or all, and notes the run', async () => {
    const daily = await invoicer.postpaidTenant({ cadence: 'daily' });
    const weekly = await invoicer.postpaidTenant({ cadence: 'weekly' });
    for (const { id } of [daily, weekly])
      await invoicer.prisma.billingPeriod.deleteMany({ where: { tenantId: id } });
    const { openPeriod } = await import('@tollgate/shared/billing/open-period.ts');
    for (const { id } of [daily, weekly]) await openPeriod(invoicer.prisma, id, invoicer.clock.now());
    invoicer.clock.advance(8 * DAY_MS);
    await invoicer.tick({ trigger: 'monthly', tenantId: daily.id });
    expect(await invoicer.periods(daily.id)).toHaveLength(9);
    expect(await invoicer.periods(weekly.id)).toHaveLength(1);
    await invoicer.tick({ trigger: 'daily' });
    expect(await invoicer.periods(weekly.id)).toHaveLength(2);
    expect(await invoicer.prisma.billingRun.findMany({ orderBy: { startedAt: 'asc' } })).toMatchObject([
      { trigger: 'monthly', lookedAt: 8, skipped: 8 },
      { trigger: 'daily', lookedAt: 1, finishedAt: expect.any(Date) },
    ]);
  });

  test('one tenant that cannot be billed does not keep the others from it, and the run says so', async () => {
    const broken = await invoicer.postpaidTenant();
    const fine = await invoicer.postpaidTenant();
    for (const { id } of [broken, fine]) await invoicer.use(id, 1, '2026-03-20T10:00:00Z');
    await invoicer.prisma.tenant.update({ where: { id: broken.id }, data: { timeZone: 'Nowhere/Land' } });
    goTo('2026-04-01T04:00:00Z');
    await expect(invoicer.tick()).rejects.toThrow('1 of 2 periods were not closed');
    expect(await invoicer.invoices(fine.id)).toHaveLength(1);
    expect(await invoicer.invoices(broken.id)).toHaveLength(0);
    expect(await invoicer.prisma.billingRun.findFirst()).toMatchObject({ billed: 1, failed: 1 });
  });

  test('keeps a period’s settings to its end: a change applies to the next one', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 1, '2026-03-20T10:00:00Z');
    await invoicer.prisma.billingSettings.update({
      where: { tenantId: id },
      data: { collection: 'none', cadence: 'daily' },
    });
    goTo('2026-04-01T04:00:00Z');
    await invoicer.tick();
    const [march, next] = await invoicer.periods(id);
    expect((await invoicer.invoices(id))[0]?.document).toBe('stripe');
    expect([march?.cadence, next?.cadence, next?.collection]).toEqual(['monthly', 'daily', 'none']);
  });

  test('as of a later instant closes what will have ended by then: a sandbox’s test clock', async () => {
    const { id } = await invoicer.postpaidTenant();
    await invoicer.use(id, 1, '2026-03-10T08:00:00Z');
    invoicer.clock.advance(HOUR_MS);
    await invoicer.tick({ trigger: 'manual', asOf: new Date('2026-04-01T00:00:00Z') });
    expect(await invoicer.invoices(id)).toHaveLength(1);
  });
});
