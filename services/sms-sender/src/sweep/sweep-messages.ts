import { type DueMessage, takeDueMessages } from '@tollgate/shared/messages/due-messages.ts';
import { enqueueSends } from '@tollgate/shared/messages/enqueue-sends.ts';
import { lookUpMessages } from '@tollgate/shared/queues/catalog.ts';
import { chunk } from '@tollgate/shared/queues/chunk.ts';
import type { SweepCircumstances } from '@tollgate/shared/runtime/sweeper.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';

export const MESSAGES_PER_SWEEP = 1_000;

/**
 * Wakes messages that no job will wake: for a hand-over, or to ask what became of one. While the bulk
 * queue is long only the others are woken: priority messages, retries and look-ups never wait for it.
 */
export async function sweepMessages(
  tx: Transaction,
  now: Date,
  { isBacklogged }: SweepCircumstances,
): Promise<number> {
  const due = await takeDueMessages(tx.db, now, { limit: MESSAGES_PER_SWEEP, withoutBulk: isBacklogged });
  enqueueSends(
    tx,
    due.filter(({ isHandedOver }) => !isHandedOver),
  );
  const asked = due.filter(({ isHandedOver }) => isHandedOver);
  const isUrgent = ({ category }: DueMessage) => category === 'priority';
  for (const messageIds of chunk(idsOf(asked.filter(isUrgent)))) tx.enqueue(lookUpMessages, { messageIds });
  // Behind the urgent ones: an OTP that nobody can tell of must not wait for a campaign's polling.
  for (const messageIds of chunk(idsOf(asked.filter((message) => !isUrgent(message))))) {
    tx.enqueue(lookUpMessages, { messageIds }, { priority: 1 });
  }
  return due.length;
}

function idsOf(messages: readonly DueMessage[]): string[] {
  return messages.map(({ id }) => id);
}
