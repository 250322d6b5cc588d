import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { billingSchedules, stripeSchedules } from '@tollgate/shared/queues/schedules.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { announceWorker, openService } from '@tollgate/shared/runtime/open-service.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { writeSchedules } from '@tollgate/shared/runtime/scheduler.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { isLiveKey } from '@tollgate/shared/stripe/stripe-config.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { collectSettingsOf, hearsWebhooks, InvoicerConfig } from './config.ts';
import { CONSUMER_COUNT, startConsumers } from './consumers.ts';
import { DUNNING_ROWS_MAX, sweepDunning } from './dunning/sweep-dunning.ts';
import { createStripe } from './stripe-client.ts';
import { sweepInvoices, sweepPeriods, sweepStripeEvents } from './sweep/sweep-invoices.ts';
import { openAutomaticTopUps } from './top-ups/open-automatic-top-ups.ts';
import { sweepTopUps } from './top-ups/sweep-top-ups.ts';

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
      taxMode: config.STRIPE_TAX_MODE,
      mode: config.TOLLGATE_MODE,
      inbox: createInbox(config.MASTER_KEY),
      collectSettings: collectSettingsOf(config),
      livemode: isLiveKey(config.STRIPE_SECRET_KEY),
    },
  );
  const writeAllSchedules = async () => {
    await writeSchedules(connection, billingSchedules);
    await writeSchedules(connection, stripeSchedules({ hearsWebhooks: hearsWebhooks(config) }));
  };
  await writeAllSchedules();
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
      name: 'top-ups',
      everyMs: 5 * SECOND_MS,
      sweep: (tx) => sweepTopUps(tx, clock.now()),
    }),
    startSweeper({
      ...deps,
      name: 'automatic-top-ups',
      everyMs: 5 * SECOND_MS,
      sweep: (tx) => openAutomaticTopUps(tx, clock.now()),
    }),
    startSweeper({
      ...deps,
      name: 'dunning',
      everyMs: MINUTE_MS,
      rowsMax: DUNNING_ROWS_MAX,
      sweep: (tx) => sweepDunning(tx, clock.now()),
    }),
    startSweeper({
      ...deps,
      name: 'periods',
      everyMs: MINUTE_MS,
      async sweep(tx) {
        // FLUSHALL deletes schedules for good, so each turn writes them again.
        await writeAllSchedules();
        return sweepPeriods(tx, clock.now());
      },
    }),
  ];
  return announceWorker(service, config, { sweepers, consumers });
});
