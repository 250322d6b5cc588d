import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { announceProvider } from '@tollgate/shared/messages/provider-status.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { findLongQueues } from '@tollgate/shared/runtime/find-long-queues.ts';
import { announceWorker, openService } from '@tollgate/shared/runtime/open-service.ts';
import { repeat } from '@tollgate/shared/runtime/repeat.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { createDataKeys } from '@tollgate/shared/tenants/data-keys.ts';
import { HOUR_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { tellProviders } from './block-list/tell-providers.ts';
import { canReceiveReports, SmsSenderConfig } from './config.ts';
import { CONSUMER_COUNT, startConsumers } from './consumers.ts';
import { watchProviders } from './provider-watch/watch-providers.ts';
import { createProviders } from './providers/create-providers.ts';
import { forgetOldCounts } from './restraints/forget-old-counts.ts';
import { EVENTS_PER_SWEEP, sweepInbox } from './sweep/sweep-inbox.ts';
import { lanes, MESSAGES_PER_SWEEP, sweepMessages } from './sweep/sweep-messages.ts';

const name = 'sms-sender';

/** With more jobs than this waiting, waking more rows only makes a queue longer. */
const WAITING_JOBS_MAX = 100;

await runService(process, name, async () => {
  const config = readConfig(SmsSenderConfig, process.env);
  const service = await openService({ name, config, workersMax: CONSUMER_COUNT });
  const { clock, logger, prisma, connection, transactions } = service;
  const reportSource = canReceiveReports(config) ? 'webhook' : 'polling';
  logger.info({ reportSource }, 'how delivery reports come in');
  const providers = createProviders(config, { db: prisma, clock, reportSource });
  logger.info({ providers: [...providers.keys()] }, 'providers, in the order in which they are asked');
  for (const provider of providers.keys()) await announceProvider(prisma, provider);

  const consumers = startConsumers(
    { connection, logger, bury: createBurial({ prisma, clock }) },
    {
      ...transactions,
      clock,
      logger,
      providers,
      reportSource,
      random: Math.random,
      dataKeys: createDataKeys(config.MASTER_KEY),
      inbox: createInbox(config.MASTER_KEY),
    },
  );
  const deps = { ...transactions, logger };
  const sweepers = [
    startSweeper({
      ...deps,
      name: 'messages',
      everyMs: 2 * SECOND_MS,
      rowsMax: MESSAGES_PER_SWEEP,
      findLongQueues: () => findLongQueues(connection, lanes, WAITING_JOBS_MAX),
      sweep: (tx, circumstances) => sweepMessages(tx, clock.now(), circumstances),
    }),
    startSweeper({
      ...deps,
      name: 'inbox',
      everyMs: 5 * SECOND_MS,
      rowsMax: EVENTS_PER_SWEEP,
      sweep: (tx) => sweepInbox(tx, clock.now()),
    }),
    repeat({
      logger,
      name: 'watch providers',
      everyMs: 5 * SECOND_MS,
      async work() {
        await watchProviders({ prisma, clock, logger, providers });
        return false;
      },
    }),
    repeat({
      logger,
      name: 'tell block lists',
      everyMs: 10 * SECOND_MS,
      work: () => tellProviders({ prisma, clock, logger, providers }),
    }),
    repeat({
      logger,
      name: 'forget counts',
      everyMs: HOUR_MS,
      work: () => forgetOldCounts(prisma, clock.now()),
    }),
  ];
  return announceWorker(service, config, { sweepers, consumers });
});
