import { join } from 'node:path';
import { openDatabase } from '@tollgate/shared/runtime/database.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import { startStripeSimulator } from '@tollgate/simulators/stripe/start-stripe-simulator.ts';
import { startPostgres } from '../../infra/local/postgres.ts';
import { loadOrCreateSecrets } from '../../infra/local/secrets.ts';
import { findDiscrepancies } from './books.ts';

/** What a start that has ended left in its books; `invoiceIds` are those of invoices to be collected, sorted. */
export async function readBooks(dataRoot: string) {
  const { secrets } = loadOrCreateSecrets(join(dataRoot, 'secrets.json'));
  const server = await startPostgres({ dataRoot, password: secrets.postgresPassword, log: () => {} });
  const database = openDatabase({ url: server.url('tollgate'), applicationName: 'test' });
  const { prisma } = database;
  try {
    const charges = await prisma.ledgerEntry.groupBy({
      by: ['messageId'],
      where: { kind: 'sms_send' },
      _count: true,
    });
    const invoices = await prisma.invoice.findMany({ where: { document: 'stripe' }, orderBy: { id: 'asc' } });
    return {
      discrepancies: await findDiscrepancies(prisma),
      undelivered: await prisma.message.count({ where: { state: { not: 'delivered' } } }),
      chargedTwice: charges.filter(({ _count }) => _count > 1).map(({ messageId }) => messageId),
      unpaid: invoices.filter(({ state }) => state !== 'paid').length,
      unsentMails: await prisma.notification.count({ where: { sentAt: null } }),
      invoiceIds: invoices.map(({ id }) => id),
    };
  } finally {
    await database.close();
    await server.stop();
  }
}

/** The invoices of ours that the invoice items at the Stripe of a start are for: one per item, sorted. */
export async function readInvoiceItems(dataRoot: string): Promise<(string | undefined)[]> {
  const simulator = await startStripeSimulator({
    secretKey: 'sk_test_of_the_test',
    now: systemClock.now,
    statePath: join(dataRoot, 'simulators', 'stripe.sqlite'),
  });
  try {
    return simulator.objects
      .invoiceItems()
      .map(({ metadata }) => metadata.invoice_id)
      .sort();
  } finally {
    await simulator.close();
  }
}
