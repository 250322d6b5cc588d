import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { markPaymentFailed, settleInvoice } from '../src/billing/settle-invoice.ts';
import { voidInvoice } from '../src/billing/void-invoice.ts';
import { applyDunning } from '../src/dunning/apply-dunning.ts';
import { liftDunning } from '../src/dunning/lift-dunning.ts';
import { sendReminders } from '../src/dunning/send-reminders.ts';
import { suspendTenant } from '../src/tenants/suspend-tenant.ts';
import { testNow } from '../src/testing/build-tenant.ts';
import { DAY_MS } from '../src/time/durations.ts';
import { localDate } from '../src/time/local-time.ts';
import { type PaymentsFixture, startPaymentsFixture } from './payments-fixture.ts';

let billing: PaymentsFixture;

beforeAll(async () => {
  billing = await startPaymentsFixture();
});
afterAll(() => billing.close());
// Each test has the clock and the unpaid invoices to itself.
beforeEach(async () => {
  const open = await billing.prisma.invoice.findMany({
    where: { state: { in: ['issued', 'payment_failed'] } },
    select: { id: true },
  });
  for (const { id } of open) {
    await billing.work(({ db }) =>
      settleInvoice(db, {
        invoiceId: id,
        paidAt: testNow,
        method: 'other',
        description: 'end of test',
        createdBy: 'test',
      }),
    );
  }
  moveTo(testNow);
  await look();
});

const moveTo = (at: Date) => billing.clock.advance(at.getTime() - billing.clock.now().getTime());
const today = () => localDate(billing.clock.now(), 'Europe/Prague');
const look = async () => {
  const now = billing.clock.now();
  const options = { today: today(), limit: 100 };
  const reminded = await billing.work((tx) => sendReminders(tx, options, now));
  return { reminded, touched: await billing.work((tx) => applyDunning(tx, options, now)) };
};

/** An invoice issued on the 10th, due in 14 days, that many days ago. */
async function pastDue(days: number, settings: object = {}) {
  const tenant = await billing.tenant(settings);
  const invoiceId = await billing.invoice({ tenantId: tenant.id });
  moveTo(new Date(testNow.getTime() + (14 + days) * DAY_MS));
  return { tenantId: tenant.id, invoiceId };
}

const levels = async (invoiceId: string) =>
  (await billing.prisma.invoiceReminder.findMany({ where: { invoiceId }, orderBy: { level: 'asc' } })).map(
    ({ level }) => level,
  );
const kinds = async (tenantId: string) => (await billing.mails(tenantId)).map(({ kind }) => kind);
const standing = async (id: string) => {
  const { status, suspensionReason } = await billing.prisma.tenant.findUniqueOrThrow({ where: { id } });
  const limits = await billing.prisma.alertCrossing.count({
    where: { tenantId: id, kind: 'past_due', leftAt: null },
  });
  return { status, suspensionReason, limits };
};

describe('a reminder', () => {
  test('goes out at each level once, however often somebody looks', async () => {
    const { invoiceId, tenantId } = await pastDue(2);
    expect((await look()).reminded).toBe(0);
    for (const [days, expected] of [
      [1, [1]],
      [6, [1]],
      [1, [1, 2]],
      [10, [1, 2, 3]],
      [300, [1, 2, 3]],
    ] as const) {
      billing.clock.advance(days * DAY_MS);
      await look();
      await look();
      expect(await levels(invoiceId)).toEqual(expected);
    }
    const mails = (await billing.mails(tenantId)).filter(({ kind }) => kind === 'reminder');
    expect(mails.map(({ content }) => content.level)).toEqual([1, 2, 3]);
    const rows = await billing.prisma.invoiceReminder.findMany({ where: { invoiceId } });
    expect(rows.every(({ notificationId }) => notificationId !== null)).toBe(true);
  });

  test('asks for what is left', async () => {
    const { invoiceId, tenantId } = await pastDue(3);
    await billing.pay({ invoiceId, amountMinor: 100_000n });
    await look();
    expect((await billing.mails(tenantId)).at(-1)).toMatchObject({
      kind: 'reminder',
      content: { invoice: { outstanding: '210.00', dueOn: '2026-03-24' } },
    });
  });

  test('is neither made nor mailed where the tenant switched reminders off', async () => {
    const { invoiceId } = await pastDue(5, { reminders: false });
    await look();
    expect(await levels(invoiceId)).toEqual([]);
  });

  test('is kept also where there is nobody to mail it to', async () => {
    const { invoiceId, tenantId } = await pastDue(5, { email: null });
    await look();
    expect(await levels(invoiceId)).toEqual([1]);
    expect(await kinds(tenantId)).toEqual([]);
  });

  test('is not for what is paid or void', async () => {
    const { invoiceId: paid } = await pastDue(5);
    await billing.pay({ invoiceId: paid });
    const { invoiceId: taken } = await pastDue(5);
    await billing.work((tx) =>
      voidInvoice(tx, { invoiceId: taken, by: 'olga@example.com', reason: 'mistake' }, billing.clock.now()),
    );
    expect((await look()).reminded).toBe(0);
  });

  test('is for what Stripe could not collect too, from the day that it asked', async () => {
    const tenant = await billing.tenant({ collection: 'stripe_invoice' });
    const invoiceId = await billing.invoice({
      tenantId: tenant.id,
      document: 'stripe',
      collection: 'stripe_invoice',
    });
    billing.clock.advance(4 * DAY_MS);
    expect((await look()).reminded).toBe(0);
    await billing.work(({ db }) => markPaymentFailed(db, invoiceId));
    expect((await look()).reminded).toBe(1);
    expect(await levels(invoiceId)).toEqual([1]);
  });
});

describe('an invoice past due by more than the grace days', () => {
  test('suspends a tenant whose policy says so, once, and says so', async () => {
    const { tenantId } = await pastDue(14, { onPastDue: 'suspend' });
    await look();
    expect(await standing(tenantId)).toMatchObject({ status: 'active' });
    billing.clock.advance(DAY_MS);
    await look();
    expect((await look()).touched).toBe(0);
    expect(await standing(tenantId)).toEqual({ status: 'suspended', suspensionReason: 'unpaid', limits: 0 });
    expect((await kinds(tenantId)).filter((kind) => kind === 'suspended')).toHaveLength(1);
    expect(await billing.alerts('past_due')).toMatchObject([{ tenantId }]);
  });

  test('limits a tenant whose policy says so, and leaves one without a policy alone', async () => {
    const { tenantId: limited } = await pastDue(15, { onPastDue: 'limit' });
    moveTo(testNow);
    const { tenantId: free } = await pastDue(15);
    await look();
    expect((await look()).touched).toBe(0);
    expect(await standing(limited)).toEqual({ status: 'active', suspensionReason: null, limits: 1 });
    expect(await standing(free)).toEqual({ status: 'active', suspensionReason: null, limits: 0 });
    expect((await billing.alerts('past_due')).map(({ tenantId }) => tenantId).sort()).toEqual(
      [limited, free].sort(),
    );
  });

  test.each(['suspend', 'limit'])(
    'no longer restrains (%s) once it is paid, in the same transaction',
    async (onPastDue) => {
      const { tenantId, invoiceId } = await pastDue(15, { onPastDue });
      await look();
      await billing.pay({ invoiceId });
      expect(await standing(tenantId)).toEqual({ status: 'active', suspensionReason: null, limits: 0 });
      expect((await kinds(tenantId)).slice(-3).sort()).toEqual(['payment_received', 'resumed', 'suspended']);
      expect(await billing.alerts('past_due')).toEqual([]);
      expect((await look()).touched).toBe(0);
    },
  );

  test('restrains on while a part or another invoice is past due', async () => {
    const { tenantId, invoiceId } = await pastDue(15, { onPastDue: 'suspend' });
    moveTo(testNow);
    const other = await billing.invoice({ tenantId });
    billing.clock.advance(29 * DAY_MS);
    await look();
    await billing.pay({ invoiceId, reference: 'A' });
    await billing.pay({ invoiceId: other, amountMinor: 100n, reference: 'B' });
    expect(await standing(tenantId)).toMatchObject({ status: 'suspended' });
    await billing.pay({ invoiceId: other, reference: 'C' });
    expect(await standing(tenantId)).toMatchObject({ status: 'active' });
  });

  test('never lifts what an operator suspended', async () => {
    const { tenantId, invoiceId } = await pastDue(15, { onPastDue: 'suspend' });
    await look();
    await billing.work((tx) =>
      suspendTenant(tx, { tenantId, reason: 'operator', actor: 'olga@example.com' }, billing.clock.now()),
    );
    await billing.pay({ invoiceId });
    expect(await standing(tenantId)).toMatchObject({ status: 'suspended', suspensionReason: 'operator' });
  });

  test('of Stripe’s restrains as well, and whoever settles it lifts it', async () => {
    const tenant = await billing.tenant({ collection: 'stripe_invoice', onPastDue: 'suspend' });
    const invoiceId = await billing.invoice({
      tenantId: tenant.id,
      document: 'stripe',
      collection: 'stripe_invoice',
    });
    await billing.work(({ db }) => markPaymentFailed(db, invoiceId));
    billing.clock.advance(15 * DAY_MS);
    await look();
    expect(await standing(tenant.id)).toMatchObject({ suspensionReason: 'unpaid' });
    await billing.work(async (tx) => {
      const now = billing.clock.now();
      await settleInvoice(tx.db, {
        invoiceId,
        paidAt: now,
        method: 'stripe',
        description: 'Stripe invoice A-1',
        createdBy: 'stripe',
      });
      await liftDunning(tx, tenant.id, now);
    });
    expect(await standing(tenant.id)).toMatchObject({ status: 'active' });
  });

  test('lifts with the next look where an operator softened the policy', async () => {
    const { tenantId } = await pastDue(15, { onPastDue: 'suspend' });
    await look();
    await billing.prisma.billingSettings.update({ where: { tenantId }, data: { onPastDue: 'limit' } });
    await look();
    expect(await standing(tenantId)).toEqual({ status: 'active', suspensionReason: null, limits: 1 });
    await billing.prisma.billingSettings.update({ where: { tenantId }, data: { pastDueGraceDays: 60 } });
    await look();
    expect(await standing(tenantId)).toEqual({ status: 'active', suspensionReason: null, limits: 0 });
  });
});
