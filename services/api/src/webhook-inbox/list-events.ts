import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { storableText } from '../problems/storable-text.ts';
import { type InboxEventsView, viewInboxEvent } from './inbox-view.ts';

const cursor = defineCursor('webhooks', z.object({ id: z.uuid() }));

export const InboxQuery = z.strictObject({
  source: storableText(50).optional().meta({ example: 'stripe' }),
  state: z
    .enum(['all', 'applied', 'waiting', 'kept'])
    .default('all')
    .meta({ description: 'kept: nothing applies it until somebody asks for it.' }),
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

const states = {
  all: {},
  applied: { appliedAt: { not: null } },
  waiting: { appliedAt: null, wakeAt: { not: null } },
  kept: { appliedAt: null, wakeAt: null },
} as const;

/** What the outside told us, newest first. */
export async function listInboxEvents(
  db: Db,
  { source, state, limit, cursor: after }: z.infer<typeof InboxQuery>,
): Promise<z.infer<typeof InboxEventsView>> {
  const rows = await db.inboxEvent.findMany({
    where: {
      ...states[state],
      ...(source !== undefined && { source }),
      ...(after && { id: { lt: after.id } }),
    },
    orderBy: { id: 'desc' },
    select: { id: true, source: true, externalId: true, receivedAt: true, appliedAt: true, result: true },
    take: limit + 1,
  });
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    events: page.map(viewInboxEvent),
    hasMore: continueAfter !== null,
    nextCursor: continueAfter && cursor.after({ id: continueAfter.id }),
  };
}
