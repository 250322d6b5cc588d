import { approveInvoice } from '@tollgate/shared/billing/approve-invoice.ts';
import { createCreditNote } from '@tollgate/shared/billing/create-credit-note.ts';
import { sumUnsettled } from '@tollgate/shared/billing/invoices.ts';
import { reopenInvoice } from '@tollgate/shared/billing/reopen-invoice.ts';
import { settleInvoice } from '@tollgate/shared/billing/settle-invoice.ts';
import { voidInvoice } from '@tollgate/shared/billing/void-invoice.ts';
import { changePlan } from '@tollgate/shared/guards/change-settings.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { deleteTenant } from '@tollgate/shared/tenants/delete-tenant.ts';
import { resumeTenant, suspendTenant } from '@tollgate/shared/tenants/suspend-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { DAY_MS, HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type BillingFixture,
  dice,
  startBillingFixture,
} from '../../packages/shared/tests/billing/billing-fixture.ts';
import { closeDuePeriods } from '../../services/invoicer/src/close-periods/close-due-periods.ts';

let billing: BillingFixture;

beforeAll(async () => {
  billing = await startBillingFixture();
});
afterAll(() => billing.close());

const CROWN = 1_000_000n;
const actor = 'op@example.com';

/** The billing of a system whose power fails: one transaction in eight is gone at its last moment. */
function unreliableDeps(roll: (sides: number) => number) {
  const { prisma } = billing.deps;
  const failing = new Proxy(prisma, {
    get(target, name) {
      if (name !== '$transaction') return Reflect.get(target, name);
      return (work: (db: unknown) => Promise<unknown>, options: object) =>
        target.$transaction(async (db) => {
          const result = await work(db);
          if (roll(8) === 0) throw new Error('the power failed');
          return result;
        }, options);
    },
  });
  return { ...billing.deps, prisma: failing, logger: collectingLogger().logger };
}

async function openTenants() {
  const { tenant } = billing;
  const payer = await tenant();
  const fees = await tenant({ cadence: 'weekly' }, { timeZone: 'Asia/Kathmandu' });
  const suspended = await tenant({ cadence: 'threshold', thresholdMicros: 60n * CROWN });
  const tenants = {
    daily: await tenant({ cadence: 'daily' }, { timeZone: 'Pacific/Kiritimati' }),
    weekly: await tenant({ cadence: 'weekly', collection: 'stripe_meter', stripeCustomerId: 'cus_1' }),
    monthly: await tenant({ planFee: 'invoice' }, { timeZone: 'Etc/GMT+12' }),
    threshold: await tenant({ cadence: 'threshold', thresholdMicros: 40n * CROWN }),
    manual: await tenant({ approval: 'manual' }),
    payer,
    child: await tenant({ payerTenantId: payer, collection: 'none' }),
    prepaid: await tenant({}, { paymentTerms: 'prepaid', balanceMicros: 9_000n * CROWN }),
    fees,
    suspended,
    deleted: await tenant(),
  };
  await billing.addFee(fees, { kind: 'monthly', amountMicros: 100n * CROWN, startsOn: '2026-01-01' });
  await billing.addFee(fees, { kind: 'setup', amountMicros: 50n * CROWN, startsOn: '2026-01-15' });
  await billing.addFee(suspended, { kind: 'daily', amountMicros: CROWN, startsOn: '2026-01-01' });
  await billing.addFee(tenants.prepaid, { kind: 'daily', amountMicros: CROWN, startsOn: '2026-02-01' });
  return tenants;
}

type Tenants = Awaited<ReturnType<typeof openTenants>>;

/** What happens once, on its day. */
const events: Record<string, (tenants: Tenants) => Promise<unknown>> = {
  '2026-03-10': ({ monthly }) =>
    changePlan(
      billing.prisma,
      { tenantId: monthly, planId: 'starter', changedBy: actor },
      billing.clock.now(),
    ),
  '2026-05-05': ({ suspended }) =>
    billing.transact((tx) =>
      suspendTenant(tx, { tenantId: suspended, reason: 'operator', actor }, billing.clock.now()),
    ),
  '2026-05-15': ({ suspended }) =>
    billing.transact((tx) => resumeTenant(tx, { tenantId: suspended, actor }, billing.clock.now())),
  '2026-08-20': ({ deleted }) =>
    billing.transact((tx) => deleteTenant(tx, { tenantId: deleted, actor }, billing.clock.now())),
};

/** What people and banks do with invoices on a day. */
async function handleInvoices(day: number, roll: (sides: number) => number): Promise<void> {
  const { prisma, clock, transact } = billing;
  const at = clock.now();
  const since = new Date(at.getTime() - 5 * DAY_MS);
  const invoices = await prisma.invoice.findMany({
    where: {
      kind: 'usage',
      document: { in: ['ours', 'stripe'] },
      issuedAt: { lte: since },
      state: { not: 'void' },
    },
    orderBy: { id: 'asc' },
  });
  for (const { id, state, document, paymentCount } of invoices) {
    const fate = roll(10);
    if (state === 'awaiting_approval')
      await transact((tx) => approveInvoice(tx, { invoiceId: id, by: actor }, at));
    else if (state === 'issued' && fate === 0 && day < 300)
      await transact((tx) => voidInvoice(tx, { invoiceId: id, by: actor, reason: 'wrong' }, at)).catch(
        () => {},
      );
    else if (state === 'issued' && fate === 1 && document === 'ours' && day < 250)
      await transact((tx) =>
        createCreditNote(tx, { invoiceId: id, amountMicros: 2n * CROWN, reason: 'late', by: actor }, at),
      ).catch(() => {});
    else if (state === 'issued' || state === 'disputed')
      await prisma.$transaction((db) =>
        settleInvoice(db, {
          invoiceId: id,
          paidAt: at,
          method: 'other',
          description: 'Paid',
          createdBy: actor,
        }),
      );
    else if (state === 'paid' && paymentCount < 2 && roll(40) === 0)
      await prisma.$transaction((db) =>
        reopenInvoice(db, { invoiceId: id, kind: 'dispute', reference: newId(), at, description: 'Dispute' }),
      );
  }
}

test('a year of every cadence, with failures, ends with books that agree', { timeout: 600_000 }, async () => {
  const { prisma, clock, goTo } = billing;
  const roll = dice(2026);
  goTo('2026-01-01T01:00:00Z');
  const tenants = await openTenants();
  const unreliable = unreliableDeps(roll);
  const reliable = { ...billing.deps, logger: unreliable.logger };
  let failures = 0;
  const tick = (trigger: 'daily' | 'threshold', deps: typeof reliable = unreliable) =>
    closeDuePeriods(deps, { trigger }).catch(() => {
      failures += 1;
    });

  for (let day = 0; day < 365; day += 1) {
    goTo(new Date(Date.UTC(2026, 0, 1, 13) + day * DAY_MS));
    await events[clock.now().toISOString().slice(0, 10)]?.(tenants);
    for (const id of Object.values(tenants)) {
      const isGone = id === tenants.deleted && clock.now() > new Date('2026-08-20T14:00:00Z');
      if (roll(5) > 0 || isGone) continue;
      // One report in four is days late; amounts have fractions of a heller.
      const at = new Date(
        clock.now().getTime() - (roll(4) === 0 && day > 9 ? roll(9) * DAY_MS : 0) - HOUR_MS,
      );
      await billing.use(id, BigInt(1 + roll(12)) * 1_250_100n, at);
    }
    // Ticks are missed, come twice, and at once.
    if (roll(6) > 0) await Promise.all(Array.from({ length: 1 + roll(2) }, () => tick('daily')));
    if (roll(3) === 0) await tick('threshold');
    if (day % 7 === 0) await handleInvoices(day, roll);
  }

  goTo('2027-01-01T13:00:00Z');
  await tick('daily', reliable);
  expect(failures).toBeGreaterThan(10);
  for (const day of [365, 366]) {
    clock.advance(6 * DAY_MS);
    await handleInvoices(day, () => 9);
  }
  await tick('daily', reliable);
  await pushToStripe();
  await billing.expectCorrectBooks();

  // Everything of the year was billed: what is open was carried, or is of the days since.
  for (const [name, tenantId] of Object.entries(tenants)) {
    const [open] = await prisma.$queryRaw<[{ micros: bigint }]>`
      SELECT coalesce(sum(amount_micros), 0)::bigint AS micros FROM usage_rollups
      WHERE tenant_id = ${tenantId}::uuid AND invoice_id IS NULL AND day < '2026-12-25'`;
    expect([name, open.micros]).toEqual([name, 0n]);
    if (name === 'prepaid') continue;
    const [{ micros: uncollected }] = await prisma.$queryRaw<[{ micros: bigint }]>`
      SELECT (SELECT coalesce(sum(amount_micros), 0) FROM usage_rollups
              WHERE tenant_id = ${tenantId}::uuid AND invoice_id IS NULL AND meter = 'sms_sent')::bigint
           - (SELECT coalesce(sum(l.amount_micros), 0) FROM invoice_lines l JOIN invoices i ON i.id = l.invoice_id
              WHERE i.tenant_id = ${tenantId}::uuid AND i.state <> 'void' AND l.kind = 'carried' AND l.meter = 'sms_sent')::bigint
           AS micros`;
    const debt = -(await billing.balance(tenantId)) - (await sumUnsettled(prisma, tenantId, 'CZK'));
    expect([name, debt]).toEqual([name, uncollected]);
  }
  const charged = async (tenantId: string) => {
    const { _sum, _count } = await prisma.usageEvent.aggregate({
      where: { tenantId, meter: { startsWith: 'fee:' }, sourceId: { lt: '2027' } },
      _sum: { amountMicros: true },
      _count: true,
    });
    return [_sum.amountMicros, _count];
  };
  expect(await charged(tenants.fees)).toEqual([1_250n * CROWN, 366]);
  // Suspended from the middle of 5 May to that of 15 May: nine whole days are left out.
  expect(await charged(tenants.suspended)).toEqual([356n * CROWN, 356]);
  expect(await charged(tenants.prepaid)).toEqual([334n * CROWN, 334]);
});

/** What the collector would have stored for Stripe's documents. */
async function pushToStripe(): Promise<void> {
  const { prisma, clock } = billing;
  const invoices = await prisma.invoice.findMany({ where: { document: 'stripe', pushes: { none: {} } } });
  await prisma.stripePush.createMany({
    data: invoices.map(({ id, tenantId }) => ({
      id: newId(),
      tenantId,
      invoiceId: id,
      kind: 'invoice_item',
      params: {},
      idempotencyKey: id,
      state: 'confirmed',
      stripeId: `ii_${id}`,
      firstSentAt: clock.now(),
    })),
  });
}
