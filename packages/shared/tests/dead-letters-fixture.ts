import { bury, type NewDeadLetter } from '../src/dead-letters/bury.ts';
import { createMirror } from '../src/dead-letters/mirror.ts';
import { dryRunReplay, replayDeadLetters } from '../src/dead-letters/replay-dead-letters.ts';
import type { Selection } from '../src/dead-letters/selection.ts';
import { newId } from '../src/ids/ids.ts';
import { deadLetterQueue } from '../src/queues/define-queue.ts';
import { createProducer } from '../src/runtime/producer.ts';
import type { QueueBackend } from '../src/runtime/queue-connection.ts';
import { inTransaction } from '../src/runtime/transaction.ts';
import { buildMessage, type MessageOverrides } from '../src/testing/build-message.ts';
import { buildTenant, type TestTenant, testDataKeys, testNow } from '../src/testing/build-tenant.ts';
import { collectingLogger } from '../src/testing/collecting-logger.ts';
import { createTestDatabase } from '../src/testing/test-database.ts';
import { openTestQueue } from '../src/testing/test-queues.ts';
import { manualClock } from '../src/time/clock.ts';

export type DeadLetterFixture = Awaited<ReturnType<typeof startDeadLetterFixture>>;

/** Dead letters on a real database and queue, with a clock that the test moves. */
export async function startDeadLetterFixture(backend: QueueBackend = 'postgres') {
  const database = await createTestDatabase();
  const connection = await openTestQueue(backend, database, { workersMax: 2 });
  const clock = manualClock(testNow);
  const { logger } = collectingLogger();
  const { prisma } = database;
  const producer = createProducer({ connection, logger });
  const mirror = createMirror({ connection, logger });
  const deps = { prisma, producer, clock, dataKeys: testDataKeys, mirror };
  const request = (selection: Selection, rate: number) => ({ selection, rate, actor: 'olga@example.com' });

  return {
    database,
    prisma,
    connection,
    clock,
    logger,
    deps,
    /** A letter in the transaction that a given up row is stored in; returns its id. */
    async bury(overrides: Partial<NewDeadLetter> = {}): Promise<string> {
      const letter: NewDeadLetter = {
        queue: 'close-periods',
        jobId: newId(),
        payload: { trigger: 'catch-up' },
        failureClass: 'RangeError',
        failureDetail: 'no such account',
        fingerprint: 'no-such-account',
        attempts: 5,
        ...overrides,
      };
      await inTransaction(deps, (tx) => bury(tx, letter, clock.now()));
      const { queue, jobId } = letter;
      const row = await prisma.deadLetter.findUniqueOrThrow({ where: { queue_jobId: { queue, jobId } } });
      return row.id;
    },
    /** A message that the sender gave up, with its letter. */
    async giveUpMessage(
      tenant: TestTenant,
      {
        failureClass = 'provider_unavailable',
        ...message
      }: MessageOverrides & { failureClass?: string } = {},
    ) {
      const given = await buildMessage(prisma, tenant, { acceptedAt: clock.now(), ...message });
      await prisma.message.update({
        where: { id: given.id },
        data: { state: 'failed', finishedAt: clock.now(), wakeAt: null },
      });
      const letterId = await this.bury({
        queue: 'send-messages',
        jobId: `message ${given.id}`,
        payload: { messageIds: [given.id] },
        failureClass,
        fingerprint: failureClass,
        messageId: given.id,
        tenantId: tenant.id,
        atStakeMicros: given.priceMicros,
        currency: given.currency,
      });
      return { message: given, letterId };
    },
    tenant: (overrides: Parameters<typeof buildTenant>[1] = {}) => buildTenant(prisma, overrides),
    replay: (selection: Selection, rate = 10) => replayDeadLetters(deps, request(selection, rate)),
    dryRun: (selection: Selection, rate = 10) => dryRunReplay(deps, { selection, rate }),
    letter: (id: string) => prisma.deadLetter.findUniqueOrThrow({ where: { id } }),
    audit: async (deadLetterId: string) => {
      const rows = await prisma.deadLetterAction.findMany({
        where: { deadLetterId },
        orderBy: { id: 'asc' },
      });
      return rows.map(({ action }) => action);
    },
    replaysOf: (messageId: string) => prisma.message.findMany({ where: { replayOf: messageId } }),
    /** What waits in a queue: payloads with their delays, the soonest first. */
    async jobs(queue: string) {
      const jobs = await connection.queue(queue).getJobs(['waiting', 'prioritized', 'delayed']);
      return jobs
        .map(({ data, delay }) => ({ payload: data as unknown, delayMs: delay }))
        .toSorted((a, b) => a.delayMs - b.delayMs);
    },
    /** The letters on the board beside a queue. */
    async mirrored(queue: string): Promise<string[]> {
      const jobs = await connection.queue(deadLetterQueue({ name: queue }).name).getJobs();
      return jobs.map(({ data }) => (data as { deadLetterId: string }).deadLetterId).toSorted();
    },
    async close() {
      await connection.close();
      await database.close();
    },
  };
}
