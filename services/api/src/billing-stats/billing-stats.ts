import { formatMicros, minorUnitsToMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { SMS_METER } from '@tollgate/shared/usage/message-usage.ts';
import { z } from 'zod';

/** From so many segments a month on a tenant is of high volume. */
export const HIGH_VOLUME_SEGMENTS = 5_000n;

/** The busiest tenants are named; the rest is counted. */
const NAMED_MAX = 50;

const count = z.int();
const amount = z.string().meta({ example: '1250.00' });

export const BillingStatsView = z
  .object({
    month: z.string().meta({ example: '2026-03' }),
    invoices: z.array(
      z.object({
        currency: z.string(),
        asked: count.meta({ description: 'Invoices with something to pay, void ones left out.' }),
        paid: count,
        failed: count.meta({ description: 'Collection failed, or the payment was disputed.' }),
        awaitingApproval: count,
        successRate: z.number().nullable().meta({
          description: 'Paid of those that were paid or failed; null where there is neither.',
        }),
        revenue: amount.meta({ description: 'Paid, before tax.' }),
        outstanding: amount.meta({ description: 'Asked for and not paid, before tax.' }),
        average: amount.nullable().meta({ description: 'Of the paid ones, before tax.' }),
      }),
    ),
    tenantsPerCadence: z.record(z.string(), count),
    highVolume: z.object({
      threshold: z.string(),
      count,
      tenants: z.array(z.object({ id: z.string(), name: z.string(), segments: z.string() })),
    }),
  })
  .meta({ id: 'BillingStats' });

type Totals = {
  currency: string;
  asked: number;
  paid: number;
  failed: number;
  awaitingApproval: number;
  revenueMinor: bigint;
  outstandingMinor: bigint;
};

/** How billing of a month (of UTC, by day of issue) stands, for every tenant together. */
export async function readBillingStats(
  db: Db,
  { month, startsAt, endsAt }: { month: string; startsAt: Date; endsAt: Date },
  toPublicTenantId: (id: string) => string,
): Promise<z.infer<typeof BillingStatsView>> {
  const totals = await db.$queryRaw<Totals[]>`
    SELECT currency, count(*)::int AS asked, count(*) FILTER (WHERE state = 'paid')::int AS paid,
           count(*) FILTER (WHERE state IN ('payment_failed', 'disputed'))::int AS failed,
           count(*) FILTER (WHERE state = 'awaiting_approval')::int AS "awaitingApproval",
           coalesce(sum(total_minor) FILTER (WHERE state = 'paid'), 0)::bigint AS "revenueMinor",
           coalesce(sum(total_minor) FILTER (WHERE state <> 'paid'), 0)::bigint AS "outstandingMinor"
    FROM invoices
    WHERE kind = 'usage' AND document IN ('stripe', 'ours') AND state <> 'void' AND total_minor > 0
      AND issued_at >= ${startsAt} AND issued_at < ${endsAt}
    GROUP BY currency ORDER BY currency`;
  const cadences = await db.$queryRaw<{ cadence: string; count: number }[]>`
    SELECT s.cadence, count(*)::int AS count
    FROM billing_settings s JOIN tenants t ON t.id = s.tenant_id
    WHERE t.status <> 'deleted' GROUP BY s.cadence ORDER BY s.cadence`;
  const busy = await db.$queryRaw<{ id: string; name: string; segments: bigint }[]>`
    SELECT t.id, t.name, sum(r.quantity)::bigint AS segments
    FROM usage_rollups r JOIN tenants t ON t.id = r.tenant_id
    WHERE r.meter = ${SMS_METER} AND r.day >= ${startsAt}::date AND r.day < ${endsAt}::date
    GROUP BY t.id HAVING sum(r.quantity) > ${HIGH_VOLUME_SEGMENTS}
    ORDER BY segments DESC, t.id`;
  return {
    month,
    invoices: totals.map(viewTotals),
    tenantsPerCadence: Object.fromEntries(cadences.map((each) => [each.cadence, each.count])),
    highVolume: {
      threshold: HIGH_VOLUME_SEGMENTS.toString(),
      count: busy.length,
      tenants: busy
        .slice(0, NAMED_MAX)
        .map(({ id, name, segments }) => ({ id: toPublicTenantId(id), name, segments: segments.toString() })),
    },
  };
}

function viewTotals({ revenueMinor, outstandingMinor, ...counts }: Totals) {
  const { currency, paid, failed } = counts;
  const money = (minor: bigint) => formatMicros(minorUnitsToMicros(minor, currency));
  return {
    ...counts,
    successRate: paid + failed === 0 ? null : Math.round((paid / (paid + failed)) * 10_000) / 10_000,
    revenue: money(revenueMinor),
    outstanding: money(outstandingMinor),
    average: paid === 0 ? null : money(revenueMinor / BigInt(paid)),
  };
}
