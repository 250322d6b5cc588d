import type { OperatorAlert } from '@tollgate/shared/generated/prisma/client.ts';
import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { storableText } from '../problems/storable-text.ts';

const timeline = defineTimeline('alerts', 'openedAt');

export const AlertsQuery = z.strictObject({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  kind: storableText(100).optional(),
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
});
export type AlertsQuery = z.infer<typeof AlertsQuery>;

export const AlertView = z
  .object({
    id: z.string().meta({ example: 'alr_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
    kind: z.string().meta({ example: 'route_below_cost' }),
    subject: z.string(),
    tenantId: z.string().nullable(),
    detail: z.string(),
    openedAt: z.iso.datetime(),
    seenAt: z.iso.datetime().meta({ description: 'When it was last found to hold.' }),
    closedAt: z.iso.datetime().nullable(),
    closedBy: z.string().nullable(),
  })
  .meta({ id: 'OperatorAlert' });

export const AlertsView = z.object({ alerts: z.array(AlertView), ...pageEnd }).meta({ id: 'OperatorAlerts' });

/** What operators should look at, newest first. */
export async function listAlerts(
  db: Db,
  { state, kind, limit, cursor: after }: AlertsQuery,
): Promise<z.infer<typeof AlertsView>> {
  const rows = await db.operatorAlert.findMany({
    where: {
      ...(state !== 'all' && { closedAt: state === 'open' ? null : { not: null } }),
      ...(kind && { kind }),
      ...timeline.after(after),
    },
    orderBy: timeline.orderBy,
    take: limit + 1,
  });
  const { page, end } = timeline.cut(rows, limit);
  return {
    alerts: page.map(viewAlert),
    ...end,
  };
}

/** An alert as operators see it. */
export function viewAlert(row: OperatorAlert): z.infer<typeof AlertView> {
  return {
    id: toPublicId('alr', row.id),
    kind: row.kind,
    subject: row.subject,
    tenantId: row.tenantId && toPublicId('tnt', row.tenantId),
    detail: row.detail,
    openedAt: row.openedAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    closedBy: row.closedBy,
  };
}
