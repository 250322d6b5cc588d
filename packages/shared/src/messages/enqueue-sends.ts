import { sendMessages, sendMessagesPriority } from '../queues/catalog.ts';
import { chunk } from '../queues/chunk.ts';
import type { Transaction } from '../runtime/transaction.ts';
import type { MessageCategory } from './categories.ts';

export type WaitingMessage = { id: string; tenantId: string; category: MessageCategory };

/**
 * Adds wake-ups for messages that are to be handed over, in chunks. Priority messages have a queue of
 * their own. In the other one a tenant's first chunk stands before everybody's second, its second
 * before everybody's third: a campaign never keeps another tenant waiting.
 */
export function enqueueSends(
  tx: Pick<Transaction, 'enqueue'>,
  messages: readonly WaitingMessage[],
  { delayMs }: { delayMs?: number } = {},
): void {
  const delay = delayMs === undefined ? {} : { delayMs };
  const urgent = messages.filter(({ category }) => category === 'priority');
  for (const messageIds of chunk(idsOf(urgent))) tx.enqueue(sendMessagesPriority, { messageIds }, delay);
  const bulk = messages.filter(({ category }) => category !== 'priority');
  for (const own of Map.groupBy(bulk, ({ tenantId }) => tenantId).values()) {
    for (const [index, messageIds] of chunk(idsOf(own)).entries()) {
      tx.enqueue(sendMessages, { messageIds }, { ...delay, priority: index + 1 });
    }
  }
}

function idsOf(messages: readonly WaitingMessage[]): string[] {
  return messages.map(({ id }) => id);
}
