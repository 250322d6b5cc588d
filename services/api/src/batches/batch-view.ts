import type { NewBatch, NewBatchItem } from '@tollgate/shared/batches/batch.ts';
import type { Batch } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { type MessageState, messageStates } from '@tollgate/shared/messages/states.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import { z } from 'zod';
import { Price } from '../messages/send-request.ts';
import { defineCursor } from '../pagination/cursor.ts';
import { pageEnd } from '../pagination/page.ts';
import { problemKinds } from '../problems/problem.ts';
import { RECIPIENTS_MAX } from './batch-request.ts';

export const BatchItemView = z
  .object({
    index: z.number().int().meta({ description: 'Place in the request, from 0.' }),
    state: z.enum(['accepted', 'refused']),
    to: z.string().nullable().meta({ description: 'E.164 once accepted, else as it was given.' }),
    messageId: z.string().nullable(),
    messageState: z.enum(messageStates).nullable().meta({ description: 'The message as it stands now.' }),
    repeated: z.boolean().meta({ description: 'Its key was used before; the message is that one.' }),
    problem: z
      .object({
        code: z.enum(Object.keys(problemKinds)),
        detail: z.string(),
        pointer: z.string().nullable().meta({ description: 'Into the body of the batch request.' }),
      })
      .nullable(),
  })
  .meta({ id: 'BatchItem' });

export type BatchItemView = z.infer<typeof BatchItemView>;

const counts = {
  recipients: z.number().int(),
  accepted: z.number().int(),
  refused: z.number().int(),
  repeated: z.number().int().meta({ description: 'Of the accepted: messages that were there before.' }),
  segments: z.number().int().meta({ description: 'Of the messages that the batch made.' }),
  price: Price.meta({ description: 'Of the messages that the batch made, before tax.' }),
};

export const BatchSummary = z
  .object({
    id: z.string().meta({ example: 'bat_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    mode: z.enum(['live', 'test']),
    campaign: z.string().nullable(),
    ...counts,
    createdAt: z.iso.datetime(),
    sendAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'BatchSummary' });

export const AcceptedBatch = BatchSummary.extend({
  items: z.array(BatchItemView).meta({ description: 'The first of them; `nextCursor` leads to the rest.' }),
  ...pageEnd,
  links: z.object({ self: z.string(), items: z.string(), cancel: z.string() }),
}).meta({ id: 'AcceptedBatch' });

export type AcceptedBatch = z.infer<typeof AcceptedBatch>;

export const BatchView = BatchSummary.extend({
  states: z.partialRecord(z.enum(messageStates), z.number().int()).meta({
    description: 'How many of its messages are in each state now; states that none is in are left out.',
  }),
  progress: z.number().int().min(0).max(100).meta({
    description: 'Percent of its messages that were sent or ended otherwise.',
  }),
  charged: Price.meta({ description: 'What was taken from the balance by now.' }),
}).meta({ id: 'Batch' });

export const itemsCursor = defineCursor(
  'batch-items',
  z.object({
    after: z
      .int()
      .min(0)
      .max(RECIPIENTS_MAX - 1),
  }),
);

/** A batch as its tenant sees it in lists and answers. */
export function summariseBatch(batch: NewBatch | Batch): z.infer<typeof BatchSummary> {
  return {
    id: toPublicId('bat', batch.id),
    mode: batch.mode as 'live' | 'test',
    campaign: batch.campaign,
    recipients: batch.itemCount,
    accepted: batch.acceptedCount,
    refused: batch.refusedCount,
    repeated: batch.repeatedCount,
    segments: batch.segments,
    price: { amount: formatMicros(batch.priceMicros), currency: batch.currency },
    createdAt: batch.createdAt.toISOString(),
    sendAt: batch.sendAt?.toISOString() ?? null,
  };
}

/** One recipient as its tenant sees it; `messageState` is that of its message, null without one. */
export function viewItem(item: NewBatchItem, messageState: MessageState | null): BatchItemView {
  const { problemCode: code, problemDetail: detail, problemPointer: pointer } = item;
  return {
    index: item.itemIndex,
    state: item.state,
    to: item.recipient,
    messageId: item.messageId && toPublicId('msg', item.messageId),
    messageState,
    repeated: item.isRepeated,
    problem: code === null ? null : { code, detail: detail ?? '', pointer },
  };
}
