import { type DueMessage, takeDueMessages } from '@tollgate/shared/messages/due-messages.ts';
import {
  CHUNK_SIZE,
  lookUpMessages,
  sendMessages,
  sendMessagesPriority,
} from '@tollgate/shared/queues/catalog.ts';
import type { Transaction } from '@tollgate/shared/runtime/transaction.ts';

const ROWS_PER_SWEEP = 1_000;

/** Wakes messages that no job will wake: for a hand-over, or to ask what became of one. */
export async function sweepMessages(tx: Transaction, now: Date): Promise<number> {
  const due = await takeDueMessages(tx.db, now, ROWS_PER_SWEEP);
  const asked = due.filter(isHandedOver);
  const unsent = due.filter((message) => !isHandedOver(message));
  for (const [queue, messages] of [
    [sendMessagesPriority, unsent.filter(({ category }) => category === 'priority')],
    [sendMessages, unsent.filter(({ category }) => category !== 'priority')],
    [lookUpMessages, asked],
  ] as const) {
    for (let start = 0; start < messages.length; start += CHUNK_SIZE) {
      tx.enqueue(queue, { messageIds: messages.slice(start, start + CHUNK_SIZE).map(({ id }) => id) });
    }
  }
  return due.length;
}

/** With an open attempt only the provider knows more; without one the message is ours to send. */
function isHandedOver({ state, hasOpenAttempt }: DueMessage): boolean {
  return hasOpenAttempt || state === 'submitted' || state === 'sent';
}
