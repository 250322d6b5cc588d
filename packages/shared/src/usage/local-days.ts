import type { Db } from '../runtime/database.ts';
import { localDate, startOfLocalDay } from '../time/local-time.ts';

/**
 * The common table expressions `moved` and `claimed`: the events of one tenant named `unrolled`, with
 * their local day. That is the day of the billing period that they fall into, which keeps its zone when
 * the tenant moves, so that no day of a period is counted twice. Only periods of another zone than the
 * tenant's are looked at, and there are hardly ever any.
 */
export const claimedWithDay = `
    moved AS MATERIALIZED (
      SELECT p.starts_at, p.ends_at, p.time_zone
      FROM (SELECT tenant_id, min(occurred_at) AS occurred_at FROM unrolled GROUP BY tenant_id) first
      JOIN tenants t ON t.id = first.tenant_id
      JOIN billing_periods p ON p.tenant_id = t.id AND p.ends_at > first.occurred_at AND p.time_zone <> t.time_zone
    ), claimed AS (
      SELECT e.*, (e.occurred_at AT TIME ZONE coalesce(
               (SELECT m.time_zone FROM moved m WHERE m.starts_at <= e.occurred_at AND m.ends_at > e.occurred_at LIMIT 1),
               t.time_zone))::date AS day
      FROM unrolled e JOIN tenants t ON t.id = e.tenant_id
    )`;

/** For each instant the first one of its local day, by the same rule, in order. */
export async function findDayStarts(db: Db, tenantId: string, instants: readonly Date[]): Promise<Date[]> {
  if (instants.length === 0) return [];
  const { timeZone } = await db.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { timeZone: true },
  });
  const earliest = new Date(Math.min(...instants.map((instant) => instant.getTime())));
  const moved = await db.billingPeriod.findMany({
    where: { tenantId, endsAt: { gt: earliest }, timeZone: { not: timeZone } },
    select: { startsAt: true, endsAt: true, timeZone: true },
  });
  return instants.map((instant) => {
    const period = moved.find(({ startsAt, endsAt }) => startsAt <= instant && instant < endsAt);
    const zone = period?.timeZone ?? timeZone;
    return startOfLocalDay(localDate(instant, zone), zone);
  });
}
