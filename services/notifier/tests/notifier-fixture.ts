import { newId } from '@tollgate/shared/ids/ids.ts';
import {
  createNotification,
  type NewNotification,
} from '@tollgate/shared/notifications/create-notification.ts';
import { sendNotification as sendNotificationQueue } from '@tollgate/shared/queues/catalog.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { buildInvoice, buildParties, type TestInvoice } from '@tollgate/shared/testing/build-invoice.ts';
import { buildTenant, testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { openTestQueue } from '@tollgate/shared/testing/test-queues.ts';
import { manualClock } from '@tollgate/shared/time/clock.ts';
import { HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { CONSUMER_COUNT, startConsumers } from '../src/consumers.ts';
import { sendNotification } from '../src/send-notification/send-notification.ts';
import { createSmtpMailer } from '../src/smtp/smtp-mailer.ts';
import { sweepNotifications } from '../src/sweep/sweep-notifications.ts';
import { startMailServer } from './mail-server.ts';

export type NotifierFixture = Awaited<ReturnType<typeof startNotifierFixture>>;

const WORKERS_MAX = 2;

/** The notifier on a real database, queue and SMTP server, with a clock that the test moves. */
export async function startNotifierFixture(backend: QueueBackend = 'postgres') {
  const database = await createTestDatabase();
  const connection = await openTestQueue(backend, database, { workersMax: WORKERS_MAX * CONSUMER_COUNT });
  const server = await startMailServer();
  const clock = manualClock(testNow);
  const { logger, text } = collectingLogger();
  const { prisma } = database;
  const producer = createProducer({ connection, logger });
  const mailer = createSmtpMailer({ url: server.url, timeoutMs: 2_000 });
  const deps = {
    prisma,
    producer,
    clock,
    logger,
    mailer,
    mailFrom: { name: 'Tollgate', address: 'billing@tollgate.example' },
    random: () => 0,
  };
  const bury = () => Promise.reject(new Error('no job of these tests is given up'));
  const sweeper = startSweeper({
    prisma,
    producer,
    logger,
    name: newId(),
    everyMs: HOUR_MS,
    sweep: (tx) => sweepNotifications(tx, clock.now()),
  });

  return {
    prisma,
    deps,
    clock,
    server,
    logged: text,
    queue: connection.queue(sendNotificationQueue.name),
    startWorker: () => startConsumers({ connection, logger, bury }, deps),
    /** Stores a mail as a closed period does, with a wake-up after the commit. */
    notify: (overrides: Partial<NewSummary> = {}) =>
      inTransaction(deps, async (tx) => {
        const id = await createNotification(tx.db, newNotification(overrides), clock.now());
        tx.enqueue(sendNotificationQueue, { notificationId: id });
        return id;
      }),
    /** An invoice with its number, and the mail that its issuing stored. */
    async invoice(overrides: Partial<TestInvoice> & { locale?: string } = {}) {
      const { locale = 'cs', ...given } = overrides;
      const { id: tenantId } = await buildTenant(prisma, { paymentTerms: 'postpaid', balanceMicros: 0n });
      await prisma.billingSettings.update({
        where: { tenantId },
        data: { email: 'owner@bookshop.example' },
      });
      await buildParties(prisma, { tenantId, locale }, clock.now());
      const invoiceId = await buildInvoice({ prisma, producer }, { tenantId, ...given }, clock.now());
      const invoice = await prisma.invoice.findUniqueOrThrow({ where: { id: invoiceId } });
      const mail = await prisma.notification.findFirst({ where: { subjectId: invoiceId } });
      return { tenantId, invoiceId, number: invoice.number, mailId: mail?.id ?? '' };
    },
    enqueue: (notificationId: string) => producer.enqueue(sendNotificationQueue, { notificationId }),
    send: (id: string) => sendNotification(deps, id),
    sweepNow: sweeper.sweepNow,
    row: (id: string) => prisma.notification.findUniqueOrThrow({ where: { id } }),
    deadLetters: (id: string) => prisma.deadLetter.findMany({ where: { jobId: `notification ${id}` } }),
    async close() {
      await sweeper.stop();
      await mailer.close();
      await server.stop();
      await connection.close();
      await database.close();
    },
  };
}

export type NewSummary = Extract<NewNotification, { kind: 'usage_summary' }>;

/** The statement of a prepaid bookshop for February. */
export function newNotification(overrides: Partial<NewSummary> = {}): NewSummary {
  return {
    tenantId: newId(),
    kind: 'usage_summary',
    subjectId: newId(),
    recipient: 'owner@bookshop.example',
    content: {
      tenantName: 'Bookshop',
      timeZone: 'Europe/Prague',
      firstDay: '2026-02-01',
      lastDay: '2026-02-28',
      currency: 'CZK',
      messages: '1200',
      segments: '1500',
      usage: '2250.00',
      owed: '0.00',
      document: 'statement',
      lines: [{ description: 'SMS to Czechia', quantity: '1500', amount: '2250.00' }],
    },
    ...overrides,
  };
}
