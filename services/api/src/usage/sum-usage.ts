import { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { TimeRange } from '../time-range/time-range.ts';

export const groupings = ['day', 'meter', 'country', 'campaign'] as const;

type Grouping = {
  groupBy: (typeof groupings)[number];
  meter?: string | undefined;
  limit: number;
  /** The last group of the page before. */
  cursor?: { key: string; meter: string; currency: string } | undefined;
};

export type TotalRow = {
  meter: string;
  currency: string;
  quantity: bigint;
  eventCount: bigint;
  amountMicros: bigint;
};
/** A group without a country or campaign has the key "". */
export type GroupRow = TotalRow & { key: string | null };

/** The totals, whose key is null, and one page of groups; of one snapshot, so that they agree. */
export function sumUsage(
  db: Db,
  { tenantId, timeZone, startsAt, endsAt }: TimeRange & { tenantId: string; timeZone: string },
  { groupBy, meter, limit, cursor: after }: Grouping,
): Promise<GroupRow[]> {
  const key = {
    day: Prisma.sql`to_char(occurred_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD')`,
    meter: Prisma.sql`meter`,
    country: Prisma.sql`country`,
    campaign: Prisma.sql`coalesce(campaign, '')`,
  }[groupBy];
  const onlyMeter = meter === undefined ? Prisma.empty : Prisma.sql`AND meter = ${meter}`;
  const continued = after
    ? Prisma.sql`AND (key, meter, currency) > (${after.key}, ${after.meter}, ${after.currency})`
    : Prisma.empty;
  return db.$queryRaw<GroupRow[]>`
    WITH summed AS (
      SELECT key, meter, currency, sum(quantity)::bigint AS quantity, count(*) AS "eventCount",
             sum(amount_micros)::bigint AS "amountMicros"
      FROM (
        SELECT (${key}) COLLATE "C" AS key, meter COLLATE "C" AS meter, currency::text COLLATE "C" AS currency,
               quantity, amount_micros
        FROM usage_events
        WHERE tenant_id = ${tenantId}::uuid AND occurred_at >= ${startsAt} AND occurred_at < ${endsAt} ${onlyMeter}
      ) e
      GROUP BY GROUPING SETS ((key, meter, currency), (meter, currency))
    )
    SELECT * FROM (SELECT * FROM summed WHERE key IS NULL ORDER BY meter, currency) totals
    UNION ALL
    SELECT * FROM (
      SELECT * FROM summed WHERE key IS NOT NULL ${continued} ORDER BY key, meter, currency LIMIT ${limit + 1}) groups`;
}
