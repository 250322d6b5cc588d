import {
  sendCampaigns,
  sendCampaignsPriority,
  sendMessages,
  sendMessagesPriority,
} from '../queues/catalog.ts';
import { chunk } from '../queues/chunk.ts';
import type { Transaction } from '../runtime/transaction.ts';
import type { MessageCategory } from './categories.ts';

export type WaitingMessage = { id: string; tenantId: string; category: MessageCategory };

/** More of one tenant at once are a campaign. */
export const SINGLES_MAX = 10;

/**
 * Adds wake-ups for messages that are to be handed over, in chunks. Four lanes: priority messages and
 * others, single ones and campaigns, so that no single message waits for a campaign's chunks. Among
 * campaigns a tenant's first chunk stands before everybody's second, its second before everybody's
 * third. `chunksWaiting` says how many chunks of a tenant stand there already; a campaign cut into
 * several requests gains nothing.
 */
export function enqueueSends(
  tx: Pick<Transaction, 'enqueue'>,
  messages: readonly WaitingMessage[],
  { delayMs, chunksWaiting }: { delayMs?: number; chunksWaiting?: ReadonlyMap<string, number> } = {},
): void {
  const delay = delayMs === undefined ? {} : { delayMs };
  const isUrgent = ({ category }: WaitingMessage) => category === 'priority';
  const codes: string[] = [];
  for (const own of byTenant(messages.filter(isUrgent))) {
    if (own.length <= SINGLES_MAX) {
      codes.push(...idsOf(own));
      continue;
    }
    for (const [index, messageIds] of chunk(idsOf(own)).entries()) {
      tx.enqueue(sendCampaignsPriority, { messageIds }, { ...delay, priority: index + 1 });
    }
  }
  for (const messageIds of chunk(codes)) tx.enqueue(sendMessagesPriority, { messageIds }, delay);
  for (const own of byTenant(messages.filter((message) => !isUrgent(message)))) {
    const before = chunksWaiting?.get(own[0]?.tenantId ?? '') ?? 0;
    const lane = own.length > SINGLES_MAX ? sendCampaigns : sendMessages;
    for (const [index, messageIds] of chunk(idsOf(own)).entries()) {
      tx.enqueue(lane, { messageIds }, { ...delay, priority: before + index + 1 });
    }
  }
}

function byTenant(messages: readonly WaitingMessage[]): Iterable<WaitingMessage[]> {
  return Map.groupBy(messages, ({ tenantId }) => tenantId).values();
}

function idsOf(messages: readonly WaitingMessage[]): string[] {
  return messages.map(({ id }) => id);
}
