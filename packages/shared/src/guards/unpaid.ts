import { Prisma } from '../generated/prisma/client.ts';
import { minorUnitsToMicros } from '../money/money.ts';
import { DAY_MS } from '../time/durations.ts';

/** What a tenant owes, and from when or what on that restrains its sending. Null where a line is not set, or nothing is owed. */
export type UnpaidFacts = {
  currency: string;
  unpaidPolicy: 'off' | 'warn' | 'block';
  unpaidAgeDays: number | null;
  unpaidMicros: bigint | null;
  /** When the oldest of the billings was made. */
  unpaidSince: Date | null;
  /** What they ask for together, less what came in. */
  unpaidMinor: bigint | null;
};

/** A line that unpaid billings have passed: their age or their amount. */
export type Unpaid = {
  effect: 'warn' | 'block';
  line: 'age' | 'amount';
  since: Date;
  owedMicros: bigint;
};

/** Whether billings that nobody has approved or paid restrain a tenant's sending by its policy; null where they do not. */
export function decideUnpaid(facts: UnpaidFacts, now: Date): Unpaid | null {
  const { currency, unpaidPolicy, unpaidAgeDays, unpaidMicros, unpaidSince, unpaidMinor } = facts;
  if (unpaidPolicy === 'off' || unpaidSince === null || !unpaidMinor) return null;
  const owedMicros = minorUnitsToMicros(unpaidMinor, currency);
  const found = { effect: unpaidPolicy, since: unpaidSince, owedMicros };
  const isOld = unpaidAgeDays !== null && now.getTime() - unpaidSince.getTime() > unpaidAgeDays * DAY_MS;
  if (isOld) return { ...found, line: 'age' };
  if (unpaidMicros !== null && owedMicros > unpaidMicros) return { ...found, line: 'amount' };
  return null;
}

/** The facts as columns; needs `unpaidJoins`. */
export const unpaidColumns = Prisma.sql`
  t.currency, coalesce(b.unpaid_policy, 'off') AS "unpaidPolicy", b.unpaid_age_days AS "unpaidAgeDays",
  b.unpaid_micros AS "unpaidMicros", owed.since AS "unpaidSince", owed.minor AS "unpaidMinor"`;

/**
 * Joins what is owed to `tenants t`. A tenant without a policy costs nothing: its invoices are not read.
 * A section is on its payer's invoice, who owes it.
 */
export const unpaidJoins = Prisma.sql`
  LEFT JOIN billing_settings b ON b.tenant_id = t.id
  LEFT JOIN LATERAL (
    SELECT min(i.issued_at) AS since,
           sum(greatest(i.gross_minor - i.paid_minor - i.credited_minor, 0))::bigint AS minor
    FROM invoices i
    WHERE b.unpaid_policy <> 'off' AND i.tenant_id = t.id AND i.total_minor > 0
      AND i.state IN ('awaiting_approval', 'issued', 'payment_failed', 'disputed')
      AND i.kind <> 'credit_note' AND i.document <> 'section' AND i.currency = t.currency) owed ON true`;

/** Whether an invoice past due keeps promotional messages back: the tenant's policy, while that line is crossed. */
export const pastDueColumn = Prisma.sql`
  coalesce(b.on_past_due = 'limit' AND EXISTS (
    SELECT 1 FROM alert_crossings c WHERE c.tenant_id = t.id AND c.kind = 'past_due' AND c.left_at IS NULL), false)
  AS "isPastDue"`;
