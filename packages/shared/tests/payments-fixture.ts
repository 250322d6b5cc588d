import { type NewPayment, recordPayment } from '../src/bank-payments/record-payment.ts';
import { sendNotification } from '../src/queues/catalog.ts';
import { createProducer } from '../src/runtime/producer.ts';
import { inTransaction, type Transaction } from '../src/runtime/transaction.ts';
import { buildInvoice, buildParties, type TestInvoice } from '../src/testing/build-invoice.ts';
import { buildTenant, testNow } from '../src/testing/build-tenant.ts';
import { collectingLogger } from '../src/testing/collecting-logger.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { openTestQueue } from '../src/testing/test-queues.ts';
import { manualClock } from '../src/time/clock.ts';

export type PaymentsFixture = Awaited<ReturnType<typeof startPaymentsFixture>>;

/** Invoices of ours on a real database and queue, with a clock that the test moves. */
export async function startPaymentsFixture() {
  const database = await createTestDatabase();
  const connection = await openTestQueue('postgres', database, { workersMax: 0 });
  const clock = manualClock(testNow);
  const { logger } = collectingLogger();
  const { prisma } = database;
  const deps = { prisma, producer: createProducer({ connection, logger }) };
  const work = <Result>(run: (tx: Transaction) => Promise<Result>) => inTransaction(deps, run);

  return {
    prisma,
    deps,
    clock,
    work,
    mailQueue: connection.queue(sendNotification.name),
    /** A postpaid tenant with an address, which owes 1,000.00 CZK for SMS. */
    async tenant(settings: object = {}) {
      const tenant = await buildTenant(prisma, {
        paymentTerms: 'postpaid',
        creditLimitMicros: 5_000_000_000n,
        balanceMicros: 0n,
      });
      await prisma.billingSettings.update({
        where: { tenantId: tenant.id },
        data: { email: 'owner@bookshop.example', collection: 'bank_transfer', ...settings },
      });
      await buildParties(prisma, { tenantId: tenant.id }, clock.now());
      return tenant;
    },
    invoice: (overrides: TestInvoice) => buildInvoice(deps, overrides, clock.now()),
    pay: (payment: Partial<NewPayment> & { invoiceId: string }) =>
      work((tx) =>
        recordPayment(
          tx,
          {
            amountMinor: 'rest',
            method: 'bank_transfer',
            reference: 'BANK-1',
            receivedOn: '2026-03-12',
            by: 'olga@example.com',
            ...payment,
          },
          clock.now(),
        ),
      ),
    row: (id: string) => prisma.invoice.findUniqueOrThrow({ where: { id } }),
    mails: async (tenantId: string) =>
      (await prisma.notification.findMany({ where: { tenantId }, orderBy: { createdAt: 'asc' } })).map(
        ({ kind, content }) => ({ kind, content: content as Record<string, unknown> }),
      ),
    alerts: (kind: string) => prisma.operatorAlert.findMany({ where: { kind, closedAt: null } }),
    balance: async (tenantId: string) =>
      (await prisma.account.findFirstOrThrow({ where: { tenantId } })).balanceMicros,
    async close() {
      await connection.close();
      await database.close();
    },
  };
}
