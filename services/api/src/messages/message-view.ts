import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { type MessageState, messageStates } from '@tollgate/shared/messages/states.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';
import { AcceptedMessage } from './send-request.ts';
import { buildTimeline, TimelineEvent } from './timeline.ts';

const instant = z.iso.datetime().nullable();

/** A message as it stands now. */
export const MessageView = AcceptedMessage.extend({
  state: z.enum(messageStates),
  body: z.string(),
  holdReason: z.enum(['credit', 'window', 'guard', 'rate', 'provider']).nullable(),
  failureCode: z.string().nullable(),
  lastFailure: z.string().nullable(),
  batchId: z.string().nullable().meta({ description: 'The batch that it came with.' }),
  attempts: z.number().int(),
  charged: z.boolean().meta({ description: 'Whether the price was taken from the balance.' }),
  submittedAt: instant,
  sentAt: instant,
  deliveredAt: instant,
  finishedAt: instant,
  timeline: z.array(TimelineEvent),
}).meta({ id: 'Message' });

export type MessageView = z.infer<typeof MessageView>;

export type MessageRow = Prisma.MessageGetPayload<{ include: { attempts: { include: { reports: true } } } }>;

/** A stored message as its tenant sees it; `body` is already unsealed. */
export function viewMessage(row: MessageRow, body: string, charged: boolean): MessageView {
  return {
    id: toPublicId('msg', row.id),
    state: row.state as MessageState,
    mode: row.mode as MessageView['mode'],
    to: row.recipient,
    country: row.country,
    sender: row.sender,
    category: row.category as MessageView['category'],
    encoding: row.encoding as MessageView['encoding'],
    segments: row.segments,
    price: { amount: formatMicros(row.priceMicros), currency: row.currency },
    reference: row.reference,
    campaign: row.campaign,
    metadata: row.metadata as Record<string, string> | null,
    acceptedAt: row.acceptedAt.toISOString(),
    sendAt: row.sendAt?.toISOString() ?? null,
    validUntil: row.expiresAt.toISOString(),
    body,
    holdReason: row.holdReason as MessageView['holdReason'],
    failureCode: row.failureCode,
    lastFailure: row.lastFailure,
    batchId: row.batchId && toPublicId('bat', row.batchId),
    attempts: row.attemptCount,
    charged,
    submittedAt: row.submittedAt?.toISOString() ?? null,
    sentAt: row.sentAt?.toISOString() ?? null,
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    timeline: buildTimeline(row),
  };
}
