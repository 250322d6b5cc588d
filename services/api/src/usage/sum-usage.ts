import { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { listReadingMeters } from '@tollgate/shared/usage/meters.ts';
import { readingDays } from '@tollgate/shared/usage/reading-days.ts';
import type { TimeRange } from '../time-range/time-range.ts';

export const groupings = ['day', 'meter', 'country', 'campaign', 'user', 'resource'] as const;

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
  /** Null where a level is grouped by what shares it: its day has a price, the parts of it have none. */
  amountMicros: bigint | null;
};
/** A group without a country, campaign, user or resource has the key "". */
export type GroupRow = TotalRow & { key: string | null };

/**
 * The totals, whose key is null, and one page of groups; of one snapshot, so that they agree. A level
 * (max, last) has a quantity for each day, and these are added. Fees are usage too, but none of these:
 * their meters have a colon in their name.
 */
export async function sumUsage(
  db: Db,
  { tenantId, timeZone, startsAt, endsAt }: TimeRange & { tenantId: string; timeZone: string },
  { groupBy, meter, limit, cursor: after }: Grouping,
): Promise<GroupRow[]> {
  const readingMeters = (await listReadingMeters(db)).filter((id) => meter === undefined || id === meter);
  const day = Prisma.sql`to_char(occurred_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD')`;
  const key = {
    day,
    meter: Prisma.sql`meter`,
    country: Prisma.sql`country`,
    campaign: Prisma.sql`coalesce(campaign, '')`,
    user: Prisma.sql`coalesce(user_id, '')`,
    resource: Prisma.sql`coalesce(resource, '')`,
  }[groupBy];
  const names = Prisma.sql`
    (${key}) COLLATE "C" AS key, meter COLLATE "C" AS meter, currency::text COLLATE "C" AS currency`;
  const onlyMeter = meter === undefined ? Prisma.empty : Prisma.sql`AND meter = ${meter}`;
  const span = Prisma.sql`
    tenant_id = ${tenantId}::uuid AND occurred_at >= ${startsAt} AND occurred_at < ${endsAt}
    AND strpos(meter, ':') = 0 ${onlyMeter}`;
  const isShared = groupBy === 'campaign' || groupBy === 'user' || groupBy === 'resource';
  const levels =
    readingMeters.length === 0
      ? Prisma.empty
      : Prisma.sql`
      UNION ALL
      SELECT key, meter, currency, sum(quantity)::bigint, sum(event_count)::bigint,
             CASE WHEN NOT ${isShared} THEN sum(quantity * unit_price_micros)::bigint END
      FROM reading_days GROUP BY key, meter, currency
      UNION ALL
      SELECT NULL, meter, currency, sum(quantity)::bigint, sum(event_count)::bigint,
             sum(quantity * unit_price_micros)::bigint
      FROM reading_days_total GROUP BY meter, currency`;
  const continued = after
    ? Prisma.sql`AND (key, meter, currency) > (${after.key}, ${after.meter}, ${after.currency})`
    : Prisma.empty;
  return db.$queryRaw<GroupRow[]>`
    WITH readings AS (
      SELECT ${names}, ${day} AS day, id, source_id, corrects_source_id, quantity, unit_price_micros, occurred_at, recorded_at
      FROM usage_events
      WHERE ${span} AND meter = ANY (${readingMeters})
    ), ${ofKey}, ${ofAll}, summed AS (
      SELECT key, meter, currency, sum(quantity)::bigint AS quantity, count(*) AS "eventCount",
             sum(amount_micros)::bigint AS "amountMicros"
      FROM (SELECT ${names}, quantity, amount_micros FROM usage_events WHERE ${span} AND meter <> ALL (${readingMeters})) e
      GROUP BY GROUPING SETS ((key, meter, currency), (meter, currency))
      ${levels}
    )
    SELECT * FROM (SELECT * FROM summed WHERE key IS NULL ORDER BY meter, currency) totals
    UNION ALL
    SELECT * FROM (
      SELECT * FROM summed WHERE key IS NOT NULL ${continued} ORDER BY key, meter, currency LIMIT ${limit + 1}) groups`;
}

const ofKey = Prisma.raw(readingDays('key, day, meter, currency'));
const ofAll = Prisma.raw(readingDays('day, meter, currency', '_total'));
