import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { ListedNumber } from './numbers-request.ts';

const cursor = defineCursor('block-list', ListedNumber);

export const BlockListQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

export const BlockListView = z
  .object({
    blocked: z.array(
      z.object({
        recipient: z.string(),
        reason: z.string(),
        createdAt: z.iso.datetime(),
        createdBy: z.string(),
        providersTold: z.boolean().meta({ description: 'Whether the providers’ own lists have it.' }),
      }),
    ),
    ...pageEnd,
  })
  .meta({ id: 'BlockList' });

/** Numbers that nobody may be sent to, in their order. */
export async function listBlocked(
  db: Db,
  { limit, cursor: after }: z.infer<typeof BlockListQuery>,
): Promise<z.infer<typeof BlockListView>> {
  const rows = await db.blockedNumber.findMany({
    ...(after !== undefined && { where: { recipient: { gt: after } } }),
    orderBy: { recipient: 'asc' },
    take: limit + 1,
  });
  const { page, continueAfter } = cutPage(rows, limit);
  const untold = await db.providerBlockEntry.findMany({
    where: { recipient: { in: page.map(({ recipient }) => recipient) }, toldAt: null },
    select: { recipient: true },
  });
  const waiting = new Set(untold.map(({ recipient }) => recipient));
  return {
    blocked: page.map(({ createdAt, ...row }) => ({
      ...row,
      createdAt: createdAt.toISOString(),
      providersTold: !waiting.has(row.recipient),
    })),
    hasMore: continueAfter !== null,
    nextCursor: continueAfter && cursor.after(continueAfter.recipient),
  };
}
