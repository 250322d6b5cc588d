import { randomUUID } from 'node:crypto';
import { changeAccounts, lockAccounts } from '@tollgate/shared/credit/accounts.ts';
import { appendEntries, chainEntries } from '@tollgate/shared/credit/ledger.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import { buildTenant, type TenantOverrides, testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { openTestQueue } from '@tollgate/shared/testing/test-queues.ts';
import { manualClock } from '@tollgate/shared/time/clock.ts';
import { recordUsage } from '@tollgate/shared/usage/record-usage.ts';
import { closeDuePeriods, type Tick } from '../src/close-periods/close-due-periods.ts';

export type InvoicerFixture = Awaited<ReturnType<typeof startInvoicerFixture>>;

export const startOfTests = '2026-03-10T09:00:00.000Z';

/** The invoicer's use cases on a real database and queue, with a clock that the test moves. */
export async function startInvoicerFixture() {
  const database = await createTestDatabase();
  const connection = await openTestQueue('postgres', database, { workersMax: 0 });
  const clock = manualClock(startOfTests);
  const { logger } = collectingLogger();
  const { prisma } = database;
  const deps = {
    prisma,
    producer: createProducer({ connection, logger }),
    clock,
    logger,
    inbox: createInbox(testMasterKey),
  };

  return {
    ...deps,
    deps,
    database,
    connection,
    close: async () => {
      await connection.close();
      await database.close();
    },

    tick: (tick: Partial<Tick> = {}) => closeDuePeriods(deps, { trigger: 'daily', ...tick }),

    /** A tenant whose usage goes on the next invoice of its Stripe subscription. */
    async postpaidTenant(overrides: TenantOverrides & { email?: string; cadence?: string } = {}) {
      const { email = 'billing@example.com', cadence = 'monthly', ...tenantOverrides } = overrides;
      const tenant = await buildTenant(prisma, {
        paymentTerms: 'postpaid',
        creditLimitMicros: 1_000_000_000n,
        balanceMicros: 0n,
        createdAt: clock.now(),
        ...tenantOverrides,
      });
      await prisma.billingSettings.update({
        where: { tenantId: tenant.id },
        data: {
          cadence,
          email,
          collection: 'subscription_item',
          stripeCustomerId: 'cus_test',
          stripeSubscriptionId: 'sub_test',
        },
      });
      await prisma.billingPeriod.updateMany({
        where: { tenantId: tenant.id },
        data: { collection: 'subscription_item' },
      });
      return tenant;
    },

    /** Messages captured at an instant: usage events and ledger entries, as the sender writes them. */
    async use(
      tenantId: string,
      count: number,
      occurredAt: Date | string,
      { country = 'CZ', currency = 'CZK', priceMicros = 1_500_000n } = {},
    ) {
      const at = new Date(occurredAt);
      const messageIds = Array.from({ length: count }, () => randomUUID());
      await prisma.$transaction(async (db: Db) => {
        const accounts = await lockAccounts(db, [{ tenantId, currency }]);
        const entries = chainEntries(
          accounts,
          messageIds.map((messageId) => ({
            tenantId,
            currency,
            kind: 'sms_send',
            amountMicros: -priceMicros,
            messageId,
            reference: null,
            description: null,
            createdBy: 'tollgate',
          })),
        );
        await appendEntries(db, entries, at);
        await changeAccounts(db, [
          {
            tenantId,
            currency,
            balanceMicros: -priceMicros * BigInt(count),
            reservedMicros: 0n,
            entryCount: BigInt(count),
          },
        ]);
        await recordUsage(
          db,
          messageIds.map((sourceId) => ({
            tenantId,
            meter: 'sms_sent',
            sourceId,
            quantity: 1n,
            currency,
            unitPriceMicros: priceMicros,
            amountMicros: priceMicros,
            country,
            campaign: null,
            occurredAt: at,
          })),
          at,
        );
      });
    },

    invoices: (tenantId: string) =>
      prisma.invoice.findMany({
        where: { tenantId },
        include: { lines: { orderBy: { position: 'asc' } }, period: true },
        orderBy: { period: { startsAt: 'asc' } },
      }),
    periods: (tenantId: string) =>
      prisma.billingPeriod.findMany({ where: { tenantId }, orderBy: { startsAt: 'asc' } }),
    account: (tenantId: string) => prisma.account.findFirstOrThrow({ where: { tenantId } }),
  };
}
