import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { TopUpView, viewTopUp } from './top-up-view.ts';

const cursor = defineCursor('top-ups', z.object({ createdAt: z.iso.datetime().regex(/^2/), id: z.uuid() }));

export const TopUpsQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

export const TopUpsView = z.object({ topUps: z.array(TopUpView), ...pageEnd }).meta({ id: 'TopUps' });

/** The tenant's top-ups, newest first. */
export async function listTopUps(
  db: Db,
  tenantId: string,
  { limit, cursor: after }: z.infer<typeof TopUpsQuery>,
): Promise<z.infer<typeof TopUpsView>> {
  const rows = (await db.topUp.findMany({
    where: {
      tenantId,
      ...(after && {
        OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }],
      }),
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  })) as TopUpRow[];
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    topUps: page.map(viewTopUp),
    hasMore: continueAfter !== null,
    nextCursor:
      continueAfter &&
      cursor.after({ createdAt: continueAfter.createdAt.toISOString(), id: continueAfter.id }),
  };
}
