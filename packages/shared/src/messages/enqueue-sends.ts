import {
  sendCampaigns,
  sendCampaignsPriority,
  sendMessages,
  sendMessagesPriority,
} from '../queues/catalog.ts';
import { chunk } from '../queues/chunk.ts';
import type { Transaction } from '../runtime/transaction.ts';
import type { MessageCategory } from './categories.ts';

export type WaitingMessage = {
  id: string;
  tenantId: string;
  category: MessageCategory;
  /** What it was asked for in, together with others; null or absent for a request of its own. */
  batchId?: string | null;
};

/** More of one tenant at once, from batches, are a campaign. */
export const SINGLES_MAX = 10;

type Lanes = Record<'singles' | 'campaigns', typeof sendMessages>;
const bulkLanes: Lanes = { singles: sendMessages, campaigns: sendCampaigns };
const urgentLanes: Lanes = { singles: sendMessagesPriority, campaigns: sendCampaignsPriority };

/**
 * Adds wake-ups for messages that are to be handed over, in chunks. Four lanes: priority messages and
 * others, single ones and campaigns, so that no single message waits for a campaign's chunks. Requests
 * for one message each stay single ones, however many of them come together. Among campaigns a tenant's
 * first chunk stands before everybody's second, its second before everybody's third. `chunksWaiting`
 * says how many chunks of a tenant stand there already, urgent ones aside; a campaign cut into several
 * requests gains nothing.
 */
export function enqueueSends(
  tx: Pick<Transaction, 'enqueue'>,
  messages: readonly WaitingMessage[],
  { delayMs, chunksWaiting }: { delayMs?: number; chunksWaiting?: ReadonlyMap<string, number> } = {},
): void {
  const delay = delayMs === undefined ? {} : { delayMs };
  for (const [lanes, some] of Map.groupBy(messages, lanesOf)) {
    const singles = some.filter(({ batchId }) => batchId == null);
    for (const own of byTenant(some.filter(({ batchId }) => batchId != null))) {
      if (own.length <= SINGLES_MAX) {
        singles.push(...own);
        continue;
      }
      const before = lanes === bulkLanes ? (chunksWaiting?.get(own[0]?.tenantId ?? '') ?? 0) : 0;
      for (const [index, messageIds] of chunk(idsOf(own)).entries()) {
        tx.enqueue(lanes.campaigns, { messageIds }, { ...delay, priority: before + index + 1 });
      }
    }
    for (const messageIds of chunk(idsOf(singles))) tx.enqueue(lanes.singles, { messageIds }, delay);
  }
}

function lanesOf({ category }: WaitingMessage): Lanes {
  return category === 'priority' ? urgentLanes : bulkLanes;
}

function byTenant(messages: readonly WaitingMessage[]): Iterable<WaitingMessage[]> {
  return Map.groupBy(messages, ({ tenantId }) => tenantId).values();
}

function idsOf(messages: readonly WaitingMessage[]): string[] {
  return messages.map(({ id }) => id);
}
