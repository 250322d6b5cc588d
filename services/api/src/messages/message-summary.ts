import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { FoundMessage } from '@tollgate/shared/messages/search-messages.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { z } from 'zod';
import { MessageView } from './message-view.ts';

/** A message as it stands in lists: without its timeline. */
export const MessageSummary = MessageView.omit({ timeline: true, charged: true }).meta({
  id: 'MessageSummary',
});

export type MessageSummary = z.infer<typeof MessageSummary>;

/** A found message as its tenant sees it; `body` is already unsealed. */
export function summariseMessage(row: FoundMessage, body: string): MessageSummary {
  return {
    id: toPublicId('msg', row.id),
    state: row.state,
    mode: row.mode as MessageSummary['mode'],
    to: row.recipient,
    country: row.country,
    sender: row.sender,
    category: row.category as MessageSummary['category'],
    encoding: row.encoding as MessageSummary['encoding'],
    segments: row.segments,
    price: { amount: formatMicros(row.priceMicros), currency: row.currency },
    reference: row.reference,
    campaign: row.campaign,
    metadata: row.metadata as Record<string, string> | null,
    acceptedAt: row.acceptedAt.toISOString(),
    sendAt: row.sendAt?.toISOString() ?? null,
    validUntil: row.expiresAt.toISOString(),
    body,
    holdReason: row.holdReason as MessageSummary['holdReason'],
    failureCode: row.failureCode,
    lastFailure: row.lastFailure,
    attempts: row.attemptCount,
    submittedAt: row.submittedAt?.toISOString() ?? null,
    sentAt: row.sentAt?.toISOString() ?? null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    batchId: row.batchId && toPublicId('bat', row.batchId),
  };
}
