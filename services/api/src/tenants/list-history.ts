import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { TenantEventView, viewTenantEvent } from './tenant-view.ts';

const timeline = defineTimeline('history', 'occurredAt');

export const HistoryQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;

export const HistoryView = z
  .object({ history: z.array(TenantEventView), ...pageEnd })
  .meta({ id: 'TenantHistory' });

/** What happened to a tenant, newest first. */
export async function listHistory(
  db: Db,
  tenantId: string,
  { limit, cursor: after }: HistoryQuery,
): Promise<z.infer<typeof HistoryView>> {
  const rows = await db.tenantEvent.findMany({
    where: {
      tenantId,
      ...timeline.after(after),
    },
    orderBy: timeline.orderBy,
    take: limit + 1,
  });
  const { page, end } = timeline.cut(rows, limit);
  return {
    history: page.map(viewTenantEvent),
    ...end,
  };
}
