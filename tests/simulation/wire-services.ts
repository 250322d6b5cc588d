import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import * as queues from '@tollgate/shared/queues/catalog.ts';
import { consume } from '@tollgate/shared/runtime/consumer.ts';
import { createLogger } from '@tollgate/shared/runtime/logger.ts';
import { type Sweeper, type SweeperOptions, startSweeper } from '@tollgate/shared/runtime/sweeper.ts';
import { testDataKeys, testMasterKey } from '@tollgate/shared/testing/build-tenant.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { joinSubmissions, type Submit } from '../../services/api/src/messages/join-submissions.ts';
import { createEventStore, type ReceivedEvent } from '../../services/api/src/webhooks/store-events.ts';
import { startConsumers as startInvoicer } from '../../services/invoicer/src/consumers.ts';
import {
  sweepInvoices,
  sweepPeriods,
  sweepStripeEvents,
} from '../../services/invoicer/src/sweep/sweep-invoices.ts';
import { startConsumers as startNotifier } from '../../services/notifier/src/consumers.ts';
import { sweepNotifications } from '../../services/notifier/src/sweep/sweep-notifications.ts';
import { startConsumers as startSender } from '../../services/sms-sender/src/consumers.ts';
import { watchProviders } from '../../services/sms-sender/src/provider-watch/watch-providers.ts';
import { providersByName } from '../../services/sms-sender/src/providers/sms-provider.ts';
import { sweepInbox } from '../../services/sms-sender/src/sweep/sweep-inbox.ts';
import { sweepMessages } from '../../services/sms-sender/src/sweep/sweep-messages.ts';
import { rollUpUsage } from '../../services/usage-aggregator/src/roll-up-usage/roll-up-usage.ts';
import { sweepUsage } from '../../services/usage-aggregator/src/sweep/sweep-usage.ts';
import { captureConsumers, type RunJob } from './capture-consumers.ts';
import type { Host } from './host.ts';
import type { Outside } from './outside.ts';

// The one file that knows what each service is made of: as in its main.ts, with the host's ports.

const logger = createLogger({ service: 'simulation', level: 'silent' });

export type Sweep = { name: string; everyMs: number; sweeper: Sweeper };

/** A running process of a service: what it does with jobs, and what it does by itself. */
export type Service = { jobs: ReadonlyMap<string, RunJob>; sweeps: readonly Sweep[] };

export type Api = {
  submit: Submit;
  storeReport(event: ReceivedEvent): Promise<void>;
  storeStripeEvent(event: ReceivedEvent): Promise<void>;
};

export type ServiceName = 'sms-sender' | 'usage-aggregator' | 'invoicer' | 'notifier';

export const startService: Record<ServiceName, (host: Host, outside: Outside) => Service> = {
  'sms-sender': (host, outside) => {
    const { prisma, producer, clock } = host;
    const deps = {
      prisma,
      producer,
      clock,
      logger,
      providers: providersByName([outside.smsProvider(host)]),
      reportSource: 'webhook' as const,
      random: Math.random,
      dataKeys: testDataKeys,
      inbox: createInbox(testMasterKey),
    };
    return {
      jobs: captureConsumers((connection) => startSender(commonOf(host, connection), deps)),
      sweeps: [
        sweepEvery(host, 'messages', 2 * SECOND_MS, (tx, circumstances) =>
          sweepMessages(tx, clock.now(), circumstances),
        ),
        sweepEvery(host, 'inbox', 5 * SECOND_MS, (tx) => sweepInbox(tx, clock.now())),
        {
          name: 'provider',
          everyMs: 5 * SECOND_MS,
          sweeper: { sweepNow: () => watchProviders(deps).then(() => 0), stop: async () => undefined },
        },
      ],
    };
  },
  'usage-aggregator': (host) => ({
    jobs: captureConsumers((connection) =>
      consume({
        ...commonOf(host, connection),
        queue: queues.rollUpUsage,
        concurrency: 4,
        handle: async ({ tenantId }) => void (await rollUpUsage(host, tenantId)),
      }),
    ),
    sweeps: [sweepEvery(host, 'usage', MINUTE_MS, sweepUsage)],
  }),
  invoicer: (host, outside) => {
    const { prisma, producer, clock } = host;
    const inbox = createInbox(testMasterKey);
    const deps = {
      prisma,
      producer,
      clock,
      logger,
      stripe: outside.stripe(host),
      pause: host.pause,
      keepAlive: () => () => undefined,
      mode: 'live' as const,
      inbox,
    };
    return {
      jobs: captureConsumers((connection) => startInvoicer(commonOf(host, connection), deps)),
      sweeps: [
        sweepEvery(host, 'invoices', 5 * SECOND_MS, (tx) => sweepInvoices(tx, clock.now())),
        sweepEvery(host, 'stripe-events', 5 * SECOND_MS, (tx) => sweepStripeEvents(tx, clock.now())),
        sweepEvery(host, 'periods', MINUTE_MS, (tx) => sweepPeriods(tx, clock.now())),
      ],
    };
  },
  notifier: (host, outside) => {
    const { prisma, producer, clock } = host;
    const mailFrom = { name: 'Tollgate', address: 'billing@tollgate.example' };
    const deps = {
      prisma,
      producer,
      clock,
      logger,
      mailer: outside.mailer(host),
      mailFrom,
      random: Math.random,
    };
    return {
      jobs: captureConsumers((connection) => startNotifier(commonOf(host, connection), deps)),
      sweeps: [sweepEvery(host, 'notifications', 5 * SECOND_MS, (tx) => sweepNotifications(tx, clock.now()))],
    };
  },
};

/** The api behind its routes: requests and webhooks that come together are stored together. */
export function startApi(host: Host): Api {
  const inbox = createInbox(testMasterKey);
  const deps = { ...host, inbox, dataKeys: testDataKeys };
  return {
    submit: joinSubmissions(deps),
    storeReport: createEventStore(deps, 'sms-manager', (tx, inboxIds) => {
      tx.enqueue(queues.applyDeliveryReports, { inboxIds });
    }),
    storeStripeEvent: createEventStore(deps, 'stripe', (tx, inboxIds) => {
      for (const inboxId of inboxIds) tx.enqueue(queues.applyStripeEvent, { inboxId });
    }),
  };
}

type Connection = Parameters<Parameters<typeof captureConsumers>[0]>[0];

function commonOf({ prisma, clock }: Host, connection: Connection) {
  return { connection, logger, bury: createBurial({ prisma, clock }) };
}

/** The service's own sweeper; its timer never rings here, because the simulation says when it sweeps. */
function sweepEvery(
  { prisma, producer }: Host,
  name: string,
  everyMs: number,
  sweep: SweeperOptions['sweep'],
): Sweep {
  const sweeper = startSweeper({ prisma, producer, logger, name, everyMs: DAY_MS, sweep });
  return { name, everyMs, sweeper };
}
