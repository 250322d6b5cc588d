import { publicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { type PushesView, pushStates, viewPush } from './push-view.ts';

const cursor = defineCursor('stripe-pushes', z.object({ id: z.uuid() }));

export const PushesQuery = z.strictObject({
  state: z.enum([...pushStates, 'all']).default('needs_human'),
  tenantId: publicId('tnt').optional(),
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

/** What is pushed to Stripe, newest first; those that wait for a person unless another state is asked for. */
export async function listPushes(
  db: Db,
  { state, tenantId, limit, cursor: after }: z.infer<typeof PushesQuery>,
): Promise<z.infer<typeof PushesView>> {
  const rows = await db.stripePush.findMany({
    where: {
      ...(state !== 'all' && { state }),
      ...(tenantId !== undefined && { tenantId }),
      ...(after && { id: { lt: after.id } }),
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    pushes: page.map(viewPush),
    hasMore: continueAfter !== null,
    nextCursor: continueAfter && cursor.after({ id: continueAfter.id }),
  };
}
