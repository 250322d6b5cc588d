import { Prisma } from '@tollgate/shared/generated/prisma/client.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { MarginPart } from './add-up-margin.ts';

export const marginGroups = ['tenant', 'country', 'month'] as const;
export type MarginGroup = (typeof marginGroups)[number];

export type MarginSpan = { startsAt: Date; endsAt: Date };

const groupColumns: Record<MarginGroup, Prisma.Sql> = {
  tenant: Prisma.sql`m.tenant_id::text`,
  country: Prisma.sql`m.country`,
  month: Prisma.sql`to_char(m.accepted_at AT TIME ZONE 'UTC', 'YYYY-MM')`,
};

/**
 * What live messages that were accepted in the span and handed over have brought and cost, by group, by
 * currency of the price, and by currency of the cost (null where the provider has told none). Revenue is
 * what was charged less what was given back. One statement; tenant by tenant along their own index.
 */
export function sumMargin(
  db: Db,
  group: MarginGroup,
  { startsAt, endsAt }: MarginSpan,
): Promise<MarginPart[]> {
  return db.$queryRaw<MarginPart[]>`
    SELECT ${groupColumns[group]} AS key, m.currency, m.provider_cost_currency AS "costCurrency",
           count(*)::int AS messages, coalesce(sum(m.provider_cost_micros), 0)::bigint AS "costMicros",
           -coalesce(sum(coalesce(s.amount_micros, 0) + coalesce(r.amount_micros, 0) + coalesce(v.amount_micros, 0)), 0)::bigint
             AS "revenueMicros"
    FROM tenants t
    JOIN messages m ON m.tenant_id = t.id AND m.accepted_at >= ${startsAt} AND m.accepted_at < ${endsAt}
    LEFT JOIN ledger_entries s ON s.message_id = m.id AND s.kind = 'sms_send'
    LEFT JOIN ledger_entries r ON r.message_id = m.id AND r.kind = 'refund'
    LEFT JOIN ledger_entries v ON v.message_id = m.id AND v.kind = 'refund_reversal'
    WHERE m.mode = 'live' AND (m.submitted_at IS NOT NULL OR s.id IS NOT NULL)
    GROUP BY 1, 2, 3
    ORDER BY 1, 2, 3 NULLS LAST`;
}
