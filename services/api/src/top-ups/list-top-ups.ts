import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { TopUpRow } from '@tollgate/shared/stripe/top-ups.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { TopUpView, viewTopUp } from './top-up-view.ts';

const timeline = defineTimeline('top-ups', 'createdAt');

export const TopUpsQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
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
      ...timeline.after(after),
    },
    orderBy: timeline.orderBy,
    take: limit + 1,
  })) as TopUpRow[];
  const { page, end } = timeline.cut(rows, limit);
  return {
    topUps: page.map(viewTopUp),
    ...end,
  };
}
