import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import * as queues from '@tollgate/shared/queues/catalog.ts';
import { readConfig } from '@tollgate/shared/runtime/config.ts';
import { consume } from '@tollgate/shared/runtime/consumer.ts';
import { announceWorker, openService } from '@tollgate/shared/runtime/open-service.ts';
import { runService } from '@tollgate/shared/runtime/run-service.ts';
import { type SweeperOptions, startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { UsageAggregatorConfig } from './config.ts';
import { rollUpUsage } from './roll-up-usage/roll-up-usage.ts';
import { sweepUsage } from './sweep/sweep-usage.ts';
import { startWatches } from './watch-accounts/start-watches.ts';
import { sweepThresholds, watchThreshold } from './watch-thresholds/watch-thresholds.ts';

const name = 'usage-aggregator';

await runService(process, name, async () => {
  const config = readConfig(UsageAggregatorConfig, process.env);
  const service = await openService({ name, config, workersMax: 1 });
  const { clock, logger, prisma, connection, transactions } = service;

  const consumer = consume({
    connection,
    logger,
    bury: createBurial({ prisma, clock }),
    queue: queues.rollUpUsage,
    concurrency: 4,
    // While a job of a tenant is locked, no other one of it is added.
    lockMs: 10 * SECOND_MS,
    async handle({ tenantId }) {
      const events = await rollUpUsage(transactions, tenantId);
      logger.debug({ tenantId, events }, 'rolled up');
      await watchThreshold({ ...transactions, clock }, tenantId);
    },
  });
  const sweepEveryMinute = (sweepName: string, sweep: SweeperOptions['sweep']) =>
    startSweeper({ ...transactions, logger, name: sweepName, everyMs: MINUTE_MS, sweep });
  const sweepers = [
    sweepEveryMinute('usage', sweepUsage),
    sweepEveryMinute('thresholds', (tx) => sweepThresholds(tx, clock.now())),
    ...startWatches({ ...transactions, clock, logger }),
  ];
  return announceWorker(service, config, { sweepers, consumers: [consumer] });
});
