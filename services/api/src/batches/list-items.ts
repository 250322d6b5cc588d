import type { MessageState } from '@tollgate/shared/messages/states.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { BatchItemView, itemsCursor, viewItem } from './batch-view.ts';

export const BatchItemsQuery = z.strictObject({
  state: z.enum(['accepted', 'refused']).optional(),
  limit: wholeNumber({ min: 1, max: 1_000 }).default(100),
  cursor: itemsCursor.parameter.optional(),
});

export const BatchItemsView = z
  .object({ items: z.array(BatchItemView), ...pageEnd })
  .meta({ id: 'BatchItems' });

/** What came of the recipients of a batch, in the order of the request. */
export async function listItems(
  db: Db,
  batchId: string,
  { state, limit, cursor }: z.infer<typeof BatchItemsQuery>,
): Promise<z.infer<typeof BatchItemsView>> {
  const rows = await db.batchItem.findMany({
    where: { batchId, ...(state && { state }), ...(cursor && { itemIndex: { gt: cursor.after } }) },
    orderBy: { itemIndex: 'asc' },
    take: limit + 1,
  });
  const { page, continueAfter } = cutPage(rows, limit);
  const messages = await db.message.findMany({
    where: { id: { in: page.flatMap(({ messageId }) => messageId ?? []) } },
    select: { id: true, state: true },
  });
  const states = new Map(messages.map((message) => [message.id, message.state as MessageState]));
  return {
    items: page.map((item) =>
      viewItem({ ...item, state: item.state as 'accepted' }, states.get(item.messageId ?? '') ?? null),
    ),
    hasMore: continueAfter !== null,
    nextCursor: continueAfter && itemsCursor.after({ after: continueAfter.itemIndex }),
  };
}
