import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type CloseOutcome, closePeriod } from '../../src/billing/closing/close-period.ts';
import type { CloseCause } from '../../src/billing/closing/period-end.ts';
import { openPeriod } from '../../src/billing/open-period.ts';
import { findDuePeriods } from '../../src/billing/periods.ts';
import { changeAccounts, lockAccounts } from '../../src/credit/accounts.ts';
import { appendEntries, chainEntries } from '../../src/credit/ledger.ts';
import type { BillingSettings, Prisma } from '../../src/generated/prisma/client.ts';
import { newId } from '../../src/ids/ids.ts';
import { reconcile } from '../../src/reconciliation/reconcile.ts';
import { createProducer } from '../../src/runtime/producer.ts';
import { inTransaction, type Transaction } from '../../src/runtime/transaction.ts';
import { buildTenant, type TenantOverrides } from '../../src/testing/build-tenant.ts';
import { collectingLogger } from '../../src/testing/collecting-logger.ts';
import { createTestDatabase } from '../../src/testing/test-database.ts';
import { openTestQueue } from '../../src/testing/test-queues.ts';
import { manualClock } from '../../src/time/clock.ts';
import { SMS_METER } from '../../src/usage/message-usage.ts';
import { recordUsage } from '../../src/usage/record-usage.ts';
import { findUnrolledTenants, rollUp } from '../../src/usage/roll-up.ts';

export type BillingFixture = Awaited<ReturnType<typeof startBillingFixture>>;

export const startOfTests = '2026-03-01T09:00:00.000Z';

/** Billing on a real database and queue, with a clock that the test moves. Nobody consumes the queue. */
export async function startBillingFixture() {
  const database = await createTestDatabase();
  const connection = await openTestQueue('postgres', database, { workersMax: 0 });
  const { logger } = collectingLogger();
  const { prisma } = database;
  const clock = manualClock(startOfTests);
  const deps = { prisma, producer: createProducer({ connection, logger }), clock };

  const fixture = {
    prisma,
    clock,
    deps,
    connection,
    close: async () => {
      await connection.close();
      await database.close();
    },
    goTo: (instant: string | Date) => clock.advance(new Date(instant).getTime() - clock.now().getTime()),
    transact: <Result>(work: (tx: Transaction) => Promise<Result>) => inTransaction(deps, work),

    /** A postpaid tenant that pays by bank transfer, on settings given, from now on. */
    async tenant(
      settings: Partial<Omit<BillingSettings, 'tenantId'>> = {},
      overrides: TenantOverrides = {},
    ): Promise<string> {
      const { id } = await buildTenant(prisma, {
        paymentTerms: 'postpaid',
        creditLimitMicros: 1_000_000_000_000n,
        balanceMicros: 0n,
        createdAt: clock.now(),
        ...overrides,
      });
      await fixture.settings(id, { collection: 'bank_transfer', ...settings });
      const { startsAt } = await prisma.billingPeriod.findFirstOrThrow({ where: { tenantId: id } });
      await prisma.billingPeriod.deleteMany({ where: { tenantId: id } });
      await openPeriod(prisma, id, startsAt);
      return id;
    },
    settings: (tenantId: string, data: Prisma.BillingSettingsUpdateInput) =>
      prisma.billingSettings.update({ where: { tenantId }, data }),

    /** SMS captured now, or at an instant: ledger entries and usage events, as the sender writes them. */
    async use(tenantId: string, micros: bigint, at: Date | string = clock.now()): Promise<void> {
      const occurredAt = new Date(at);
      const sourceId = randomUUID();
      await prisma.$transaction(async (db) => {
        const { currency } = await db.tenant.findUniqueOrThrow({ where: { id: tenantId } });
        const account = { tenantId, currency };
        const entry = {
          ...account,
          kind: 'sms_send' as const,
          amountMicros: -micros,
          messageId: sourceId,
          reference: null,
          description: null,
          createdBy: 'tollgate',
        };
        const accounts = await lockAccounts(db, [account]);
        await appendEntries(db, chainEntries(accounts, [entry]), occurredAt);
        await changeAccounts(db, [
          { ...account, balanceMicros: -micros, reservedMicros: 0n, entryCount: 1n },
        ]);
        await recordUsage(
          db,
          [{ ...event(tenantId, currency, micros, occurredAt), meter: SMS_METER, sourceId, country: 'CZ' }],
          clock.now(),
        );
      });
    },
    /** Usage of another meter, which touches no account. */
    async charge(tenantId: string, micros: bigint, at: Date | string = clock.now()): Promise<void> {
      const { currency } = await prisma.tenant.findUniqueOrThrow({ where: { id: tenantId } });
      const usage = {
        ...event(tenantId, currency, micros, new Date(at)),
        meter: 'call_made',
        sourceId: randomUUID(),
      };
      await recordUsage(prisma, [usage], clock.now());
    },
    addFee: (
      tenantId: string,
      data: { kind: string; amountMicros: bigint; startsOn: string; name?: string },
    ) =>
      prisma.fee.create({
        data: {
          id: newId(),
          tenantId,
          name: data.name ?? data.kind,
          currency: 'CZK',
          kind: data.kind,
          amountMicros: data.amountMicros,
          startsOn: new Date(data.startsOn),
          createdAt: clock.now(),
          createdBy: 'test',
        },
      }),

    /** Closes what has ended by now, or the running period for a cause of its own. */
    async closeDue(tenantId?: string): Promise<CloseOutcome[]> {
      const outcomes: CloseOutcome[] = [];
      for (;;) {
        const [id] = await findDuePeriods(prisma, { dueBy: clock.now(), tenantId, limit: 1 });
        if (id === undefined) return outcomes;
        outcomes.push(await closePeriod(deps, id));
      }
    },
    async closeRunning(tenantId: string, cause: CloseCause): Promise<CloseOutcome> {
      const period = await prisma.billingPeriod.findFirstOrThrow({ where: { tenantId, closedAt: null } });
      return closePeriod(deps, period.id, cause);
    },

    invoices: (tenantId: string) =>
      prisma.invoice.findMany({ where: { tenantId }, orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }] }),
    async invoice(tenantId: string) {
      const [invoice, ...more] = await fixture.invoices(tenantId);
      if (!invoice || more.length > 0) throw new Error(`${more.length + 1} invoices instead of one`);
      return invoice;
    },
    lines: (invoiceId: string) =>
      prisma.invoiceLine.findMany({ where: { invoiceId }, orderBy: { position: 'asc' } }),
    periods: (tenantId: string) =>
      prisma.billingPeriod.findMany({ where: { tenantId }, orderBy: { startsAt: 'asc' } }),
    balance: async (tenantId: string) =>
      (await prisma.account.findFirstOrThrow({ where: { tenantId } })).balanceMicros,
    entries: (tenantId: string) =>
      prisma.ledgerEntry.findMany({
        where: { tenantId, kind: { not: 'sms_send' } },
        orderBy: { sequence: 'asc' },
      }),

    /** Lets no period that is open become due any more: the next test need not close this one's. */
    async retire(): Promise<void> {
      const endsAt = new Date('2040-01-01T00:00:00Z');
      await prisma.billingPeriod.updateMany({ where: { closedAt: null }, data: { endsAt } });
    },
    /** Whether the books agree with themselves, once everything is counted and closed that is due. */
    async expectCorrectBooks(): Promise<void> {
      for (const tenantId of await findUnrolledTenants(prisma, 1_000))
        await rollUp(prisma, { tenantId, wait: true });
      await fixture.closeDue();
      const { checks } = await reconcile(prisma, clock.now());
      expect(
        checks.flatMap(({ name, discrepancies }) => discrepancies.map((each) => ({ name, ...each }))),
      ).toEqual([]);
    },
  };
  return fixture;
}

/** Numbers from 0 to below `sides` that look random and are the same in every run (mulberry32). */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

function event(tenantId: string, currency: string, micros: bigint, occurredAt: Date) {
  return {
    tenantId,
    currency,
    quantity: 1n,
    unitPriceMicros: micros,
    amountMicros: micros,
    country: '',
    campaign: null,
    occurredAt,
  };
}
