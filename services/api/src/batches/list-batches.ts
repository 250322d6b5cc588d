import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { readTimeZone } from '../time-range/read-time-zone.ts';
import { readTimeRange, timeRangeParameters } from '../time-range/time-range.ts';
import { BatchSummary, summariseBatch } from './batch-view.ts';

const timeline = defineTimeline('batches', 'createdAt');

export const BatchesQuery = z.strictObject({
  ...timeRangeParameters,
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
});

export const BatchesView = z.object({ batches: z.array(BatchSummary), ...pageEnd }).meta({ id: 'Batches' });

/** The tenant's batches as they were accepted, newest first. */
export async function listBatches(
  db: Db,
  tenantId: string,
  { limit, cursor: after, ...range }: z.infer<typeof BatchesQuery>,
): Promise<z.infer<typeof BatchesView>> {
  const { startsAt, endsAt } = readTimeRange(range, await readTimeZone(db, tenantId));
  const rows = await db.batch.findMany({
    where: {
      tenantId,
      createdAt: { ...(startsAt && { gte: startsAt }), ...(endsAt && { lt: endsAt }) },
      ...timeline.after(after),
    },
    orderBy: timeline.orderBy,
    take: limit + 1,
  });
  const { page, end } = timeline.cut(rows, limit);
  return {
    batches: page.map(summariseBatch),
    ...end,
  };
}
