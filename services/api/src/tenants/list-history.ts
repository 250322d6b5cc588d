import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { TenantEventView, viewTenantEvent } from './tenant-view.ts';

const cursor = defineCursor('history', z.object({ occurredAt: z.iso.datetime(), id: z.uuid() }));

export const HistoryQuery = z.strictObject({
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
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
      ...(after && {
        OR: [
          { occurredAt: { lt: after.occurredAt } },
          { occurredAt: after.occurredAt, id: { lt: after.id } },
        ],
      }),
    },
    orderBy: [{ occurredAt: 'desc' }, { id: 'desc' }],
    take: limit + 1,
  });
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    history: page.map(viewTenantEvent),
    hasMore: continueAfter !== null,
    nextCursor:
      continueAfter &&
      cursor.after({ occurredAt: continueAfter.occurredAt.toISOString(), id: continueAfter.id }),
  };
}
