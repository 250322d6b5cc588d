import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { ListedNumber } from './numbers-request.ts';

const cursor = defineCursor('opt-outs', ListedNumber);

export const OptOutsQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

export const OptOutsView = z
  .object({
    optOuts: z.array(
      z.object({
        recipient: z.string(),
        source: z.enum(['reply', 'operator', 'tenant']).meta({ description: 'reply: they answered STOP.' }),
        createdAt: z.iso.datetime(),
      }),
    ),
    ...pageEnd,
  })
  .meta({ id: 'OptOuts' });

/** Who wants no more messages from the tenant, in the order of the numbers. */
export async function listOptOuts(
  db: Db,
  tenantId: string,
  { limit, cursor: after }: z.infer<typeof OptOutsQuery>,
): Promise<z.infer<typeof OptOutsView>> {
  const rows = await db.optOut.findMany({
    where: { tenantId, ...(after !== undefined && { recipient: { gt: after } }) },
    orderBy: { recipient: 'asc' },
    take: limit + 1,
  });
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    optOuts: page.map(({ recipient, source, createdAt }) => ({
      recipient,
      source: source as 'reply' | 'operator' | 'tenant',
      createdAt: createdAt.toISOString(),
    })),
    hasMore: continueAfter !== null,
    nextCursor: continueAfter && cursor.after(continueAfter.recipient),
  };
}
