import { enqueueSends } from '@tollgate/shared/messages/enqueue-sends.ts';
import { insertMessages } from '@tollgate/shared/messages/insert-messages.ts';
import { chunk } from '@tollgate/shared/queues/chunk.ts';
import { createLogger } from '@tollgate/shared/runtime/logger.ts';
import { createProducer } from '@tollgate/shared/runtime/producer.ts';
import type { QueueConnection } from '@tollgate/shared/runtime/queue-connection.ts';
import { inTransaction } from '@tollgate/shared/runtime/transaction.ts';
import { newMessage } from '@tollgate/shared/testing/build-message.ts';
import type { TestTenant } from '@tollgate/shared/testing/build-tenant.ts';
import { until } from '@tollgate/shared/testing/until.ts';
import { systemClock } from '@tollgate/shared/time/clock.ts';
import type { System } from '../../infra/chaos/system/start-system.ts';
import { perSecond } from './rates.ts';

const LIMIT_MS = 10 * 60_000;

/**
 * Messages per second that the senders hand over, when the messages of a campaign are accepted already and wait:
 * claimed, reserved, posted ten to a call, settled.
 */
export async function measureHandOvers(
  system: System,
  connection: QueueConnection,
  tenant: TestTenant,
  messageCount: number,
): Promise<number> {
  const { prisma } = system.database;
  const campaign = `hand-overs ${messageCount}`;
  const acceptedAt = systemClock.now();
  const messages = Array.from({ length: messageCount }, (_, index) =>
    newMessage(tenant, { acceptedAt, campaign, body: `Message ${index}` }),
  );
  const byId = new Map(messages.map((message) => [message.id, message]));
  for (const ids of chunk([...byId.keys()])) {
    await insertMessages(
      prisma,
      ids.flatMap((id) => byId.get(id) ?? []),
    );
  }
  const logger = createLogger({ service: 'benchmark', level: 'warn' });
  const startMs = performance.now();
  const producer = createProducer({ connection, logger });
  await inTransaction({ prisma, producer }, async (tx) =>
    enqueueSends(
      tx,
      messages.map((message) => ({ ...message, batchId: campaign })),
    ),
  );
  await until(
    'every message is handed over',
    async () => (await prisma.message.count({ where: { campaign, submittedAt: null } })) === 0,
    { withinMs: LIMIT_MS },
  );
  return perSecond(messageCount, startMs);
}
