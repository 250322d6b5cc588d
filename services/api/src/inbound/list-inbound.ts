import { toPublicId } from '@tollgate/shared/ids/ids.ts';
import { openInbound } from '@tollgate/shared/inbound/inbound-sms.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { pageEnd } from '../pagination/page.ts';
import { defineTimeline } from '../pagination/timeline.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { readTimeZone } from '../time-range/read-time-zone.ts';
import { readTimeRange, timeRangeParameters } from '../time-range/time-range.ts';

const timeline = defineTimeline('inbound', 'receivedAt');

export const InboundQuery = z.strictObject({
  ...timeRangeParameters,
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: timeline.cursor.optional(),
});

export const InboundView = z
  .object({
    inbound: z.array(
      z.object({
        id: z.string().meta({ example: 'rcv_019a9f6e0c1c7e0c8d3b5f0a1b2c3d4e' }),
        from: z.string(),
        to: z.string().nullable().meta({ description: 'The number that it was sent to, where it is known.' }),
        body: z.string(),
        inReplyTo: z.string().nullable().meta({ description: 'The message that it answers.' }),
        isStopWord: z.boolean().meta({ description: 'It said STOP or the like: its sender has opted out.' }),
        receivedAt: z.iso.datetime(),
      }),
    ),
    ...pageEnd,
  })
  .meta({ id: 'InboundMessages' });

/** What was written to the tenant, newest first; `dataKey` opens the texts. */
export async function listInbound(
  db: Db,
  { tenantId, dataKey }: { tenantId: string; dataKey: Uint8Array },
  { limit, cursor: after, ...range }: z.infer<typeof InboundQuery>,
): Promise<z.infer<typeof InboundView>> {
  const { startsAt, endsAt } = readTimeRange(range, await readTimeZone(db, tenantId));
  const rows = await db.inboundSms.findMany({
    where: {
      tenantId,
      receivedAt: { ...(startsAt && { gte: startsAt }), ...(endsAt && { lt: endsAt }) },
      ...timeline.after(after),
    },
    orderBy: timeline.orderBy,
    take: limit + 1,
  });
  const { page, end } = timeline.cut(rows, limit);
  return {
    inbound: page.map((row) => ({
      id: toPublicId('rcv', row.id),
      from: row.sender,
      to: row.recipient,
      body: openInbound(dataKey, row),
      inReplyTo: row.messageId && toPublicId('msg', row.messageId),
      isStopWord: row.isStopWord,
      receivedAt: row.receivedAt.toISOString(),
    })),
    ...end,
  };
}
