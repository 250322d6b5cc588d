import type { InboxEvent } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { z } from 'zod';

export const InboxEventView = z
  .object({
    id: z.string().meta({ example: 'evt_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    source: z.string().meta({ example: 'stripe' }),
    externalId: z.string().meta({ description: 'The sender’s own id of it.' }),
    receivedAt: z.iso.datetime(),
    appliedAt: z.iso.datetime().nullable(),
    result: z.string().nullable().meta({ description: 'What came of it, or why it was not applied.' }),
  })
  .meta({ id: 'WebhookEvent' });

export const InboxEventsView = z.object({
  events: z.array(InboxEventView),
  hasMore: z.boolean(),
  nextCursor: z.string().nullable(),
});

export type ListedEvent = Pick<
  InboxEvent,
  'id' | 'source' | 'externalId' | 'receivedAt' | 'appliedAt' | 'result'
>;

/** What was received, without its body, which may hold phone numbers. */
export function viewInboxEvent(event: ListedEvent): z.infer<typeof InboxEventView> {
  const { source, externalId, result } = event;
  return {
    id: toPublicId('evt', event.id),
    source,
    externalId,
    receivedAt: event.receivedAt.toISOString(),
    appliedAt: event.appliedAt?.toISOString() ?? null,
    result,
  };
}
