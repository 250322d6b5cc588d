import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { billingSchedules } from '@tollgate/shared/queues/schedules.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { announceWorker, openService } from '@tollgate/shared/runtime/open-service.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { writeSchedules } from '@tollgate/shared/runtime/scheduler.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { InvoicerConfig } from './config.ts';
import { CONSUMER_COUNT, startConsumers } from './consumers.ts';
import { createStripe } from './stripe-client.ts';
import { sweepInvoices, sweepPeriods, sweepStripeEvents } from './sweep/sweep-invoices.ts';

const name = 'invoicer';

await runService(process, name, async () => {
  const config = readConfig(InvoicerConfig, process.env);
  const service = await openService({ name, config, workersMax: CONSUMER_COUNT });
  const { clock, logger, prisma, connection, transactions } = service;
  const stripe = createStripe({ secretKey: config.STRIPE_SECRET_KEY, apiBase: config.STRIPE_API_BASE });

  const consumers = startConsumers(
    { connection, logger, bury: createBurial({ prisma, clock }) },
    {
      ...transactions,
      clock,
      logger,
      stripe,
      mode: config.TOLLGATE_MODE,
      inbox: createInbox(config.MASTER_KEY),
    },
  );
  await writeSchedules(connection, billingSchedules);
  const deps = { ...transactions, logger };
  const sweepers = [
    startSweeper({
      ...deps,
      name: 'invoices',
      everyMs: 5 * SECOND_MS,
      sweep: (tx) => sweepInvoices(tx, clock.now()),
    }),
    startSweeper({
      ...deps,
      name: 'stripe-events',
      everyMs: 5 * SECOND_MS,
      sweep: (tx) => sweepStripeEvents(tx, clock.now()),
    }),
    startSweeper({
      ...deps,
      name: 'periods',
      everyMs: MINUTE_MS,
      async sweep(tx) {
        // FLUSHALL deletes schedules for good, so each turn writes them again.
        await writeSchedules(connection, billingSchedules);
        return sweepPeriods(tx, clock.now());
      },
    }),
  ];
  return announceWorker(service, config, { sweepers, consumers });
});
