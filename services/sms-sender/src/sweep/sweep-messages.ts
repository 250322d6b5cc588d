import { countWaitingChunks } from '@tollgate/shared/messages/count-waiting-chunks.ts';
import { type DueMessage, takeDueMessages } from '@tollgate/shared/messages/due-messages.ts';
import { enqueueSends, SINGLES_MAX } from '@tollgate/shared/messages/enqueue-sends.ts';
import * as queues from '@tollgate/shared/queues/catalog.ts';
import { chunk } from '@tollgate/shared/queues/chunk.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { SweepCircumstances } from '@tollgate/shared/runtime/sweeper.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';

export const MESSAGES_PER_SWEEP = 1_000;

/** The lanes in which messages wait for their hand-over, whose length the sweep has to know. */
export const lanes = [queues.sendMessages, queues.sendCampaigns, queues.sendCampaignsPriority];

/**
 * Wakes messages that no job will wake: for a hand-over, or to ask what became of one. What has its job
 * in a long lane already is left there: a second one would only take another's place.
 */
export async function sweepMessages(
  tx: Transaction,
  now: Date,
  { longQueues }: SweepCircumstances,
): Promise<number> {
  const longLanes = {
    singles: longQueues.has(queues.sendMessages.name),
    campaigns: longQueues.has(queues.sendCampaigns.name),
    urgentCampaigns: longQueues.has(queues.sendCampaignsPriority.name),
  };
  const due = await takeDueMessages(tx.db, now, { limit: MESSAGES_PER_SWEEP, longLanes });
  const unsent = due.filter(({ isHandedOver }) => !isHandedOver);
  // Behind what a tenant has waiting: what may be a second job of a message overtakes nobody's first.
  enqueueSends(tx, unsent, { chunksWaiting: await countChunks(tx.db, unsent, now) });
  const asked = due.filter(({ isHandedOver }) => isHandedOver);
  const isUrgent = ({ category }: DueMessage) => category === 'priority';
  for (const messageIds of chunk(idsOf(asked.filter(isUrgent))))
    tx.enqueue(queues.lookUpMessages, { messageIds });
  // Behind the urgent ones: an OTP that nobody can tell of must not wait for a campaign's polling.
  for (const messageIds of chunk(idsOf(asked.filter((message) => !isUrgent(message))))) {
    tx.enqueue(queues.lookUpMessages, { messageIds }, { priority: 1 });
  }
  return due.length;
}

/** The chunks that wait already, of tenants who have a campaign here that is not urgent. */
async function countChunks(db: Db, unsent: readonly DueMessage[], now: Date): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const bulk = unsent.filter(({ batchId, category }) => batchId !== null && category !== 'priority');
  for (const [tenantId, own] of Map.groupBy(bulk, (message) => message.tenantId)) {
    if (own.length > SINGLES_MAX) counts.set(tenantId, await countWaitingChunks(db, tenantId, now));
  }
  return counts;
}

function idsOf(messages: readonly DueMessage[]): string[] {
  return messages.map(({ id }) => id);
}
