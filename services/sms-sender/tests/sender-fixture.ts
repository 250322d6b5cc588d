import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createBurial } from '@tollgate/shared/dead-letters/bury.ts';
import { newId } from '@tollgate/shared/ids/ids.ts';
import { createInbox } from '@tollgate/shared/inbox/inbox.ts';
import { enqueueSends, type WaitingMessage } from '@tollgate/shared/messages/enqueue-sends.ts';
import { lookUpMessages as lookUpQueue } from '@tollgate/shared/queues/catalog.ts';
import { reconcile } from '@tollgate/shared/reconciliation/reconcile.ts';
import { createProducer, type Producer } from '@tollgate/shared/runtime/producer.ts';
import type { QueueBackend } from '@tollgate/shared/runtime/queue-connection.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { testDataKeys, testMasterKey, testNow } from '@tollgate/shared/testing/build-tenant.ts';
import { collectingLogger } from '@tollgate/shared/testing/collecting-logger.ts';
import { createTestDatabase } from '@tollgate/shared/testing/test-database.ts';
import { openTestQueue } from '@tollgate/shared/testing/test-queues.ts';
import { manualClock } from '@tollgate/shared/time/clock.ts';
import { startSmsManagerSimulator } from '@tollgate/simulators/sms-manager/start-sms-manager-simulator.ts';
import { startTwilioSimulator } from '@tollgate/simulators/twilio/start-twilio-simulator.ts';
import { z } from 'zod';
import { tellProviders } from '../src/block-list/tell-providers.ts';
import { CONSUMER_COUNT, startConsumers } from '../src/consumers.ts';
import { applyInbox } from '../src/delivery-reports/apply-inbox.ts';
import { lookUpMessages } from '../src/delivery-reports/look-up-messages.ts';
import { watchProviders } from '../src/provider-watch/watch-providers.ts';
import { knownAttempts } from '../src/providers/create-providers.ts';
import { createSmsManager } from '../src/providers/sms-manager/adapter.ts';

import { providersByName, type SmsProvider } from '../src/providers/sms-provider.ts';
import { createTwilio } from '../src/providers/twilio/adapter.ts';
import { sendMessages } from '../src/send-messages/send-messages.ts';
import { sweepMessages } from '../src/sweep/sweep-messages.ts';

const twilioAccount = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'token-of-the-account' };

/** A webhook as the api stores it; of SMS Manager where no source is named. */
export type StoredWebhook = { source?: string; body: string; attempt: string | null };

export type SenderFixture = Awaited<ReturnType<typeof startSenderFixture>>;

/**
 * The sender's use cases on a real database and queue against the provider's simulator, with a clock
 * that the test moves. Webhooks are kept until the test applies them, in the order that it likes.
 */
export async function startSenderFixture({
  providerUrl,
  withTwilio = false,
}: {
  providerUrl?: string;
  withTwilio?: boolean;
} = {}) {
  const database = await createTestDatabase();
  const connection = await openTestQueue('postgres', database, { workersMax: 0 });
  const clock = manualClock(testNow);
  const webhooks = await receiveWebhooks();
  const simulator = await startSmsManagerSimulator({ apiKey: 'right-key', now: clock.now });
  const { prisma } = database;
  const { logger } = collectingLogger();
  const inbox = createInbox(testMasterKey);
  const twilio = await startTwilioSimulator({
    ...twilioAccount,
    now: clock.now,
    inboundUrl: `${webhooks.twilioUrl}/inbound`,
  });
  const newProviders = () => providersByName([newSmsManager(), ...(withTwilio ? [newTwilio()] : [])]);
  const newTwilio = () =>
    createTwilio({
      ...twilioAccount,
      messagingServiceSid: `MG${'1'.repeat(32)}`,
      baseUrl: twilio.baseUrl,
      callbackUrl: `${webhooks.twilioUrl}/status`,
      known: knownAttempts(prisma),
      clock,
      timeoutMs: 2_000,
    });
  const newSmsManager = (apiKey = 'right-key') =>
    createSmsManager({
      apiKey,
      baseUrl: providerUrl ?? simulator.baseUrl,
      restUrl: simulator.restUrl,
      callbackUrl: webhooks.url,
      clock,
      timeoutMs: 2_000,
    });
  const deps = {
    prisma,
    producer: createProducer({ connection, logger }),
    clock,
    logger,
    providers: newProviders(),
    reportSource: 'webhook' as const,
    random: () => 0,
    dataKeys: testDataKeys,
    inbox,
  };

  /** Stores webhook bodies as the api does and applies them together; returns what came of them. */
  async function applyWebhooks(bodies: readonly StoredWebhook[]) {
    const events = bodies.map(({ source = 'sms-manager', ...webhook }) => {
      const id = newId();
      const at = clock.now();
      return {
        id,
        source,
        externalId: id,
        body: JSON.stringify(webhook),
        receivedAt: at,
        wakeAt: at,
      };
    });
    const ids = await inbox.store(prisma, events);
    await applyInbox(deps, ids);
    const rows = await prisma.inboxEvent.findMany({ where: { id: { in: ids } }, orderBy: { id: 'asc' } });
    return rows.map(({ result }) => result);
  }

  return {
    database,
    prisma,
    connection,
    clock,
    simulator,
    twilio,
    webhooks,
    send: (...ids: string[]) => sendMessages(deps, ids),
    /** Hands one over and does something when the provider has answered and nothing is settled yet. */
    async sendWhile(id: string, meanwhile: () => Promise<unknown>) {
      const [[name, provider]] = [...deps.providers] as [[string, SmsProvider]];
      const slow: SmsProvider = {
        ...provider,
        async send(submissions) {
          const outcomes = await provider.send(submissions);
          await meanwhile();
          return outcomes;
        },
      };
      await sendMessages({ ...deps, providers: new Map([...deps.providers, [name, slow]]) }, [id]);
    },
    lookUp: (...ids: string[]) => lookUpMessages(deps, ids),
    applyInbox: (...inboxIds: string[]) => applyInbox(deps, inboxIds),
    applyWebhooks,
    /** Reports of everything the simulator took, applied. */
    async deliver() {
      await simulator.flushReports();
      await twilio.flushCallbacks();
      return applyWebhooks(webhooks.take());
    },
    /** What the sweep of due messages puts into the queues, run at once; returns it. */
    async sweep() {
      const woken: { queue: string; ids: string[]; priority: number | undefined }[] = [];
      const producer: Pick<Producer, 'enqueue'> = {
        async enqueue(queue, payload, { priority } = {}) {
          const { messageIds } = z.object({ messageIds: z.array(z.uuid()) }).parse(payload);
          woken.push({ queue: queue.name, ids: messageIds, priority });
        },
      };
      await inTransaction({ prisma, producer }, (tx) =>
        sweepMessages(tx, clock.now(), { longQueues: new Set() }),
      );
      for (const { queue, ids } of woken) {
        if (queue === lookUpQueue.name) await lookUpMessages(deps, ids);
        else await sendMessages(deps, ids);
      }
      return woken;
    },
    /** The service's own consumers, on a queue that only they know. */
    async consume(backend: QueueBackend) {
      const queue = await openTestQueue(backend, database, { workersMax: CONSUMER_COUNT });
      const bury = createBurial({ prisma, clock });
      const consumers = startConsumers({ connection: queue, logger, bury }, deps);
      const producer = createProducer({ connection: queue, logger });
      return {
        enqueue: producer.enqueue,
        countDelayed: ({ name }: { name: string }) => queue.queue(name).getDelayedCount(),
        enqueueSends: (messages: readonly WaitingMessage[]) =>
          inTransaction({ prisma, producer }, async (tx) => enqueueSends(tx, messages)),
        async [Symbol.asyncDispose]() {
          await Promise.all(consumers.map((consumer) => consumer.close()));
          await queue.close();
        },
      };
    },
    watchProvider: () => watchProviders(deps),
    /** Tells the provider's own black list; with another account's key it refuses. */
    tellProviders: (apiKey = 'right-key') =>
      tellProviders({ ...deps, providers: providersByName([newSmsManager(apiKey)]) }),
    /** A provider on a good day, a sender that was started just now, and nothing left of earlier tests to wake. */
    async reset() {
      simulator.reset();
      twilio.reset();
      webhooks.take();
      deps.providers = newProviders();
      await prisma.providerStatus.deleteMany();
      await prisma.providerRoute.deleteMany();
      await prisma.message.updateMany({ data: { wakeAt: null } });
    },
    message: (id: string) => prisma.message.findUniqueOrThrow({ where: { id } }),
    attempts: (messageId: string) =>
      prisma.messageAttempt.findMany({ where: { messageId }, orderBy: { number: 'asc' } }),
    entries: (tenantId: string) =>
      prisma.ledgerEntry.findMany({ where: { tenantId }, orderBy: { sequence: 'asc' } }),
    account: (tenantId: string) => prisma.account.findFirstOrThrow({ where: { tenantId } }),
    /** What the books of a tenant have against themselves; empty when they are right. */
    async discrepancies(tenantId: string) {
      const { checks } = await reconcile(prisma, clock.now());
      return checks.flatMap(({ discrepancies }) =>
        discrepancies.filter((found) => found.tenantId === tenantId),
      );
    },
    async close() {
      await simulator.close();
      await twilio.close();
      await webhooks.close();
      await connection.close();
      await database.close();
    },
  };
}

/** Takes what the provider posts and answers 200, without applying it. */
async function receiveWebhooks() {
  const received: StoredWebhook[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const attempt = new URL(request.url ?? '/', 'http://localhost').searchParams.get('attempt');
    const source = request.url?.startsWith('/twilio/') ? 'twilio' : 'sms-manager';
    received.push({ source, body, attempt });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    twilioUrl: `http://127.0.0.1:${port}/twilio`,
    /** What was posted since the last call. */
    take: () => received.splice(0),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
