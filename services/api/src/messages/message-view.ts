import type { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import type { MessageState } from '@tollgate/shared/messages/states.ts';
import { z } from 'zod';
import { MessageSummary, summariseMessage } from './message-summary.ts';
import { buildTimeline, TimelineEvent } from './timeline.ts';

/** A message as it stands now. */
export const MessageView = MessageSummary.extend({
  charged: z.boolean().meta({ description: 'Whether the price was taken from the balance.' }),
  timeline: z.array(TimelineEvent),
}).meta({ id: 'Message' });

export type MessageView = z.infer<typeof MessageView>;

export type MessageRow = Prisma.MessageGetPayload<{ include: { attempts: { include: { reports: true } } } }>;

/** A stored message as its tenant sees it; `body` is already unsealed. */
export function viewMessage(row: MessageRow, body: string, charged: boolean): MessageView {
  const summary = summariseMessage({ ...row, state: row.state as MessageState }, body);
  return { ...summary, charged, timeline: buildTimeline(row) };
}
