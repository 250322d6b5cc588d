import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { holdReasons } from '@tollgate/shared/messages/message.ts';
import type { FoundMessage } from '@tollgate/shared/messages/search-messages.ts';
import { messageStates } from '@tollgate/shared/messages/states.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';
import { AcceptedMessage } from './send-request.ts';

const instant = z.iso.datetime().nullable();

/** A message as it stands in lists: without its timeline. */
export const MessageSummary = AcceptedMessage.extend({
  state: z.enum(messageStates),
  body: z.string(),
  holdReason: z.enum(holdReasons).nullable(),
  failureCode: z.string().nullable(),
  lastFailure: z.string().nullable(),
  batchId: z.string().nullable().meta({ description: 'The batch that it came with.' }),
  attempts: z.number().int(),
  submittedAt: instant,
  sentAt: instant,
  deliveredAt: instant,
  finishedAt: instant,
}).meta({ id: 'MessageSummary' });

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
