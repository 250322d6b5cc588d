import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closePeriod } from '../../src/billing/closing/close-period.ts';
import { generateInvoice } from '../../src/billing/closing/generate-invoice.ts';
import { previewClose } from '../../src/billing/closing/preview-close.ts';
import { reopenForLateUsage } from '../../src/billing/closing/reopen-for-late-usage.ts';
import { voidInvoice } from '../../src/billing/void-invoice.ts';
import { changePlan } from '../../src/guards/change-settings.ts';
import { collectInvoice } from '../../src/queues/catalog.ts';
import { deleteTenant } from '../../src/tenants/delete-tenant.ts';
import { resumeTenant, suspendTenant } from '../../src/tenants/suspend-tenant.ts';
import { rollUp } from '../../src/usage/roll-up.ts';
import { type BillingFixture, startBillingFixture, startOfTests } from './billing-fixture.ts';

let billing: BillingFixture;

beforeAll(async () => {
  billing = await startBillingFixture();
});
beforeEach(() => billing.goTo(startOfTests));
afterEach(async () => {
  await billing.expectCorrectBooks();
  await billing.retire();
});
afterAll(() => billing.close());

const CROWN = 1_000_000n;
const actor = 'op@example.com';

describe('a threshold', () => {
  const settings = { cadence: 'threshold', thresholdMicros: 100n * CROWN };

  test('ends the period at once, at any time of day, and the next one begins there', async () => {
    const id = await billing.tenant(settings);
    expect(await billing.periods(id)).toMatchObject([{ endsAt: new Date('2026-12-31T23:00:00Z') }]);
    await billing.use(id, 99n * CROWN);
    expect(await billing.closeRunning(id, { kind: 'threshold' })).toBe('not_due');
    billing.goTo('2026-03-05T12:34:56.789Z');
    await billing.use(id, 1n * CROWN);
    billing.goTo('2026-03-05T12:35:00Z');
    expect(await billing.closeRunning(id, { kind: 'threshold' })).toBe('billed');
    expect(await billing.closeRunning(id, { kind: 'threshold' })).toBe('not_due');
    const [first, second] = await billing.periods(id);
    expect(first).toMatchObject({ endsAt: billing.clock.now(), closedBy: 'threshold' });
    expect(second).toMatchObject({ startsAt: billing.clock.now(), closedAt: null });

    // The rest of that day is the next period's, and not late.
    await billing.use(id, 150n * CROWN, '2026-03-05T20:00:00Z');
    billing.goTo('2026-03-06T09:00:00Z');
    expect(await billing.closeRunning(id, { kind: 'threshold' })).toBe('billed');
    const invoices = await billing.invoices(id);
    expect(invoices.map(({ settlesMicros }) => settlesMicros)).toEqual([100n * CROWN, 150n * CROWN]);
    expect((await billing.lines(invoices[1]?.id as string)).map(({ kind }) => kind)).toEqual(['usage']);
  });

  test('may count segments, and the end of the year ends what never reaches it', async () => {
    const id = await billing.tenant({ cadence: 'threshold', thresholdMicros: null, thresholdSegments: 2n });
    await billing.use(id, CROWN);
    expect(await billing.closeRunning(id, { kind: 'threshold' })).toBe('not_due');
    await billing.use(id, CROWN);
    billing.goTo('2026-03-02T09:00:00Z');
    expect(await billing.closeRunning(id, { kind: 'threshold' })).toBe('billed');
    await billing.use(id, CROWN);
    billing.goTo('2027-01-01T06:00:00Z');
    expect(await billing.closeDue(id)).toEqual(['billed']);
    expect(await billing.prisma.invoice.count({ where: { tenantId: id } })).toBe(2);
    // The new year has numbers of its own.
    expect((await billing.invoices(id)).at(-1)?.number).toMatch(/^INV2027/);
  });

  test('and the schedule at once make one invoice: the loser finds the period gone', async () => {
    const id = await billing.tenant(settings);
    await billing.use(id, 100n * CROWN);
    billing.goTo('2026-03-05T12:00:00Z');
    const [{ id: periodId } = { id: '' }] = await billing.periods(id);
    const causes = ['threshold', 'threshold', 'as_of', 'threshold'].map((kind) =>
      kind === 'as_of' ? { kind, at: billing.clock.now() } : { kind },
    ) as Parameters<typeof closePeriod>[2][];
    const outcomes = await Promise.all(causes.map((cause) => closePeriod(billing.deps, periodId, cause)));
    expect(outcomes.toSorted()).toEqual(['billed', 'gone', 'gone', 'gone']);
    expect(await billing.invoices(id)).toHaveLength(1);
  });
});

describe('a deleted tenant', () => {
  const end = (tenantId: string) =>
    billing.transact((tx) => deleteTenant(tx, { tenantId, actor }, billing.clock.now()));

  test('gets its last invoice of everything, and no further period; what is reported later is billed too', async () => {
    const id = await billing.tenant();
    await billing.addFee(id, { kind: 'daily', amountMicros: CROWN, startsOn: '2026-03-01' });
    await billing.use(id, 5n * CROWN);
    billing.goTo('2026-03-10T15:00:00Z');
    await end(id);
    expect(await billing.closeDue(id)).toEqual(['billed']);
    expect(await billing.periods(id)).toMatchObject([{ closedBy: 'deletion', endsAt: billing.clock.now() }]);
    expect(await billing.invoice(id)).toMatchObject({
      settlesMicros: 5n * CROWN,
      chargesMicros: 10n * CROWN,
    });

    billing.goTo('2026-03-11T15:00:00Z');
    await billing.use(id, 2n * CROWN);
    await rollUp(billing.prisma, { tenantId: id, wait: true });
    await reopenForLateUsage(billing.prisma, undefined);
    expect(await billing.closeDue(id)).toEqual(['billed']);
    await reopenForLateUsage(billing.prisma, undefined);
    expect(await billing.closeDue(id)).toEqual([]);
    const [, late] = await billing.invoices(id);
    // The day of the deletion was charged with the last invoice, and no day after it is.
    expect(late).toMatchObject({ settlesMicros: 2n * CROWN, chargesMicros: 0n });
  });

  test('is billed for the periods before its deletion as ever', async () => {
    const id = await billing.tenant();
    await billing.use(id, 5n * CROWN);
    await billing.use(id, 6n * CROWN, '2026-04-02T10:00:00Z');
    billing.goTo('2026-04-03T09:00:00Z');
    await end(id);
    expect(await billing.closeDue(id)).toEqual(['billed', 'billed']);
    expect((await billing.periods(id)).map(({ closedBy }) => closedBy)).toEqual(['schedule', 'deletion']);
  });
});

describe('fees', () => {
  test('of a month are its amount, whatever a threshold cut it into, and a day counts once', async () => {
    const id = await billing.tenant({ cadence: 'threshold', thresholdMicros: CROWN });
    await billing.addFee(id, {
      kind: 'monthly',
      amountMicros: 100n * CROWN,
      startsOn: '2026-03-01',
      name: 'Support',
    });
    await billing.addFee(id, { kind: 'setup', amountMicros: 7n * CROWN, startsOn: '2026-03-02' });
    await billing.addFee(id, { kind: 'daily', amountMicros: 2n * CROWN, startsOn: '2026-03-01' });
    for (const at of ['2026-03-02T10:00', '2026-03-02T18:00', '2026-03-17T03:00', '2026-03-31T21:59']) {
      billing.goTo(`${at}:00Z`);
      await billing.use(id, CROWN);
      billing.clock.advance(1_000);
      expect(await billing.closeRunning(id, { kind: 'threshold' })).toBe('billed');
    }
    const charges = (await billing.invoices(id)).reduce((sum, { chargesMicros }) => sum + chargesMicros, 0n);
    expect(charges).toBe((100n + 7n + 31n * 2n) * CROWN);
  });

  test('leave out days of suspension, and a plan’s price is that of the plan of the day', async () => {
    const id = await billing.tenant({ planFee: 'invoice' });
    await billing.addFee(id, { kind: 'daily', amountMicros: CROWN, startsOn: '2026-03-01' });
    billing.goTo('2026-03-05T12:00:00Z');
    await billing.transact((tx) =>
      suspendTenant(tx, { tenantId: id, reason: 'operator', actor }, billing.clock.now()),
    );
    billing.goTo('2026-03-09T12:00:00Z');
    await billing.transact((tx) => resumeTenant(tx, { tenantId: id, actor }, billing.clock.now()));
    billing.goTo('2026-03-20T12:00:00Z');
    await changePlan(
      billing.prisma,
      { tenantId: id, planId: 'starter', changedBy: actor },
      billing.clock.now(),
    );
    billing.goTo('2026-04-01T06:00:00Z');
    expect(await billing.closeDue(id)).toEqual(['billed']);
    const { id: invoiceId } = await billing.invoice(id);
    expect(
      (await billing.lines(invoiceId)).map(({ meter, quantity, description }) => [
        meter.split(':')[0],
        quantity,
        description,
      ]),
    ).toEqual([
      ['fee', 28n, 'daily, 2026-03-01 to 2026-03-31 (28 days)'],
      ['plan', 17n, 'Plan Pro, 2026-03-01 to 2026-03-20 (17 days)'],
      ['plan', 11n, 'Plan Starter, 2026-03-21 to 2026-03-31 (11 days)'],
    ]);
  });

  test('of a prepaid tenant are asked for, its SMS are not; while nobody collects they stay open', async () => {
    const id = await billing.tenant(
      { collection: 'none' },
      { paymentTerms: 'prepaid', balanceMicros: 50n * CROWN },
    );
    await billing.addFee(id, { kind: 'daily', amountMicros: CROWN, startsOn: '2026-03-01' });
    await billing.use(id, 5n * CROWN);
    billing.goTo('2026-04-01T06:00:00Z');
    await billing.closeDue(id);
    const [statement] = await billing.invoices(id);
    expect(statement).toMatchObject({
      document: 'statement',
      usageMicros: 5n * CROWN,
      chargesMicros: 0n,
      number: expect.stringMatching(/^ST2026/),
    });
    await billing.prisma.billingPeriod.updateMany({
      where: { tenantId: id, closedAt: null },
      data: { collection: 'bank_transfer' },
    });
    billing.goTo('2026-05-01T06:00:00Z');
    await billing.closeDue(id);
    const [, invoice] = await billing.invoices(id);
    expect(invoice).toMatchObject({ document: 'ours', settlesMicros: 0n, chargesMicros: 61n * CROWN });
    expect((await billing.lines(invoice?.id as string)).map(({ kind }) => kind)).toEqual([
      'late_charge',
      'charge',
    ]);
  });
});

test('less than half a minor unit is asked for as soon as it comes to one', async () => {
  const id = await billing.tenant({ cadence: 'daily' });
  for (let day = 1; day <= 4; day += 1) {
    billing.goTo(`2026-03-0${day}T12:00:00Z`);
    await billing.use(id, 2_000n);
  }
  billing.goTo('2026-03-05T12:00:00Z');
  await billing.closeDue(id);
  expect(
    (await billing.invoices(id)).map(({ document, settlesMicros, totalMinor }) => [
      document,
      settlesMicros,
      totalMinor,
    ]),
  ).toEqual([
    ['statement', 0n, 0n],
    ['statement', 0n, 0n],
    ['ours', 6_000n, 1n],
    ['statement', 0n, 0n],
  ]);
});

test('what is to be collected wakes its collector; a statement, a section and a draft do not', async () => {
  const queue = billing.connection.queue(collectInvoice.name);
  const before = await queue.getWaitingCount();
  const payer = await billing.tenant();
  const tenants = [
    payer,
    await billing.tenant({ payerTenantId: payer }),
    await billing.tenant({ approval: 'manual' }),
    await billing.tenant({}, { balanceMicros: 9n * CROWN }),
    await billing.tenant({ collection: 'stripe_meter', stripeCustomerId: 'cus_1' }),
  ];
  for (const id of tenants) await billing.use(id, CROWN);
  billing.goTo('2026-04-01T06:00:00Z');
  await billing.closeDue();
  expect((await queue.getWaitingCount()) - before).toBe(2);
  const woken = await billing.prisma.invoice.findMany({
    where: { tenantId: { in: tenants }, NOT: { wakeAt: null } },
  });
  expect(woken.map(({ document }) => document).toSorted()).toEqual(['ours', 'stripe']);
});

describe('a preview', () => {
  test('says what closing will make, to the line, and writes nothing', async () => {
    const id = await billing.tenant();
    await billing.addFee(id, { kind: 'monthly', amountMicros: 100n * CROWN, startsOn: '2026-03-01' });
    await billing.use(id, 5n * CROWN);
    await billing.use(id, 6n * CROWN, '2026-04-03T10:00:00Z');
    const [march, ...none] = await previewClose(billing.deps, { tenantId: id, month: '2026-03' });
    expect(none).toEqual([]);
    expect(march).toMatchObject({ settlesMicros: 5n * CROWN, chargesMicros: 100n * CROWN });
    const asOf = new Date('2026-04-03T12:00:00Z');
    const both = await previewClose(billing.deps, { tenantId: id, asOf });
    // Three of April's thirty days of the fee.
    expect(both.map(({ chargesMicros }) => chargesMicros)).toEqual([100n * CROWN, 10n * CROWN]);
    expect(await billing.invoices(id)).toEqual([]);
    expect(await billing.periods(id)).toHaveLength(1);
    expect(
      await billing.prisma.usageEvent.count({ where: { tenantId: id, meter: { startsWith: 'fee:' } } }),
    ).toBe(0);

    billing.goTo('2026-04-01T06:00:00Z');
    await billing.closeDue(id);
    const made = await billing.invoice(id);
    expect(made).toMatchObject({ totalMinor: march?.totalMinor, vatMinor: march?.vatMinor });
    const told = (lines: readonly { description: string; amountMicros: bigint }[] = []) =>
      lines.map(({ description, amountMicros }) => [description, amountMicros]);
    expect(told(await billing.lines(made.id))).toEqual(told(march?.lines));
  });
});

describe('generating an invoice', () => {
  test('closes what has ended by the end of the month, once, and bills a void one again', async () => {
    const id = await billing.tenant({ cadence: 'weekly' });
    await billing.use(id, CROWN);
    billing.goTo('2026-03-20T06:00:00Z');
    const made = await generateInvoice(billing.deps, { tenantId: id, month: '2026-03' });
    expect(made).toHaveLength(1);
    expect(await generateInvoice(billing.deps, { tenantId: id, month: '2026-03' })).toEqual([]);
    await billing.transact((tx) =>
      voidInvoice(tx, { invoiceId: made[0] as string, by: actor, reason: 'wrong' }, billing.clock.now()),
    );
    expect(await generateInvoice(billing.deps, { tenantId: id, month: '2026-03' })).toHaveLength(1);
    await expect(generateInvoice(billing.deps, { tenantId: id, month: 'March' })).rejects.toThrow(RangeError);
  });

  test('as of an instant ends the running period there', async () => {
    const id = await billing.tenant();
    await billing.use(id, CROWN);
    billing.goTo('2026-03-10T12:00:00Z');
    const asOf = new Date('2026-03-10T10:00:00Z');
    expect(await generateInvoice(billing.deps, { tenantId: id, month: '2026-03', asOf })).toHaveLength(1);
    expect((await billing.periods(id)).map(({ startsAt }) => startsAt)).toEqual([
      new Date(startOfTests),
      asOf,
    ]);
  });
});

test('in zones at the ends of the world, over a change of clocks, every event is billed once', {
  timeout: 120_000,
}, async () => {
  billing.goTo('2026-03-26T00:30:00Z');
  const from = billing.clock.now().getTime();
  const zones = ['Etc/GMT+12', 'Pacific/Kiritimati', 'Asia/Kathmandu', 'Pacific/Apia', 'Europe/Prague'];
  const tenants = [];
  for (const timeZone of zones)
    tenants.push(
      await billing.tenant({ cadence: 'daily' }, { timeZone }),
      await billing.tenant({ cadence: 'threshold', thresholdMicros: 4n * CROWN }, { timeZone }),
    );
  let used = 0n;
  // Every 5 h 7 min, so that the instants fall on all sides of midnights; ticks when they come.
  for (let step = 0; step < 22; step += 1) {
    billing.goTo(new Date(from + step * 18_420_000));
    for (const id of tenants) await billing.use(id, CROWN);
    used += CROWN;
    if (step % 3 === 0) await billing.closeDue();
    if (step % 4 === 3)
      for (const [index, id] of tenants.entries())
        if (index % 2 === 1) await billing.closeRunning(id, { kind: 'threshold' });
  }
  billing.goTo('2026-04-02T13:00:00Z');
  await billing.closeDue();
  for (const id of tenants) {
    await billing.closeRunning(id, { kind: 'as_of', at: billing.clock.now() });
    const invoices = await billing.invoices(id);
    expect(invoices.reduce((sum, { settlesMicros }) => sum + settlesMicros, 0n)).toBe(used);
    expect(invoices.length).toBeGreaterThan(3);
  }
});
