import { SMS_METER } from '../usage/message-usage.ts';
import type { Check } from './check.ts';

/** Billing periods: every moment of a tenant lies in one of them, and every one that has ended is billed. */
export const periodChecks: readonly Check[] = [
  {
    name: 'tenants-have-one-open-period',
    statement:
      'Every tenant that is not deleted has exactly one open billing period, a deleted one at most one.',
    sql: `
      SELECT t.id::text AS subject, t.id AS tenant_id,
             format('expected one open period of a tenant that is %s, found %s', t.status, coalesce(p.count, 0)) AS detail
      FROM tenants t
      LEFT JOIN (SELECT tenant_id, count(*) AS count FROM billing_periods WHERE closed_at IS NULL GROUP BY tenant_id) p
        ON p.tenant_id = t.id
      WHERE p.count > 1 OR (t.status <> 'deleted' AND p.count IS NULL)`,
  },
  {
    name: 'periods-tile',
    statement: "A tenant's periods follow each other without gap or overlap, and only the last one is open.",
    sql: `
      SELECT id::text AS subject, tenant_id,
             format('expected to start at %s after a closed period, found %s after one that is %s', previous_end, starts_at,
                    CASE WHEN previous_is_open THEN 'open' ELSE 'closed' END) AS detail
      FROM (SELECT id, tenant_id, starts_at, lag(ends_at) OVER timeline AS previous_end,
                   lag(closed_at IS NULL) OVER timeline AS previous_is_open
            FROM billing_periods
            WINDOW timeline AS (PARTITION BY tenant_id ORDER BY starts_at)) p
      WHERE previous_end <> starts_at OR previous_is_open`,
  },
  {
    name: 'ended-periods-are-closed',
    statement:
      'A billing period is closed within fifteen minutes of its end, or of the deletion of its tenant.',
    sql: `
      SELECT p.id::text AS subject, p.tenant_id,
             format('expected to be closed soon after %s, found open', least(p.ends_at, e.occurred_at)) AS detail
      FROM billing_periods p
      LEFT JOIN tenant_events e ON e.tenant_id = p.tenant_id AND e.kind = 'deleted' AND e.occurred_at > p.starts_at
      WHERE p.closed_at IS NULL AND least(p.ends_at, e.occurred_at) < (SELECT instant FROM as_of) - interval '15 minutes'`,
  },
  {
    name: 'closed-periods-are-invoiced',
    statement:
      'A closed period has an invoice, section or statement, unless nothing with a price was known when it was closed, or nobody collected.',
    // What was recorded in the last minute may have been committed after the close: it goes on the next invoice.
    sql: `
      SELECT p.id::text AS subject, p.tenant_id,
             format('expected an invoice for usage from %s to %s, found none', p.starts_at, p.ends_at) AS detail
      FROM billing_periods p
      WHERE p.closed_at IS NOT NULL AND NOT (p.payment_terms = 'postpaid' AND p.collection = 'none')
        AND NOT EXISTS (SELECT 1 FROM invoices i WHERE i.period_id = p.id) AND EXISTS (
        SELECT 1 FROM (
          SELECT e.* FROM usage_events e WHERE e.tenant_id = p.tenant_id AND e.rollup_id IS NULL
          UNION ALL
          SELECT e.* FROM usage_rollups r JOIN usage_events e ON e.rollup_id = r.id
          WHERE r.tenant_id = p.tenant_id AND r.invoice_id IS NULL) e
        WHERE e.currency = p.currency AND e.occurred_at >= p.starts_at AND e.occurred_at < p.ends_at
          AND e.recorded_at < p.closed_at - interval '1 minute'
          AND (e.meter = '${SMS_METER}' OR (p.collection <> 'none' AND e.amount_micros <> 0)))`,
  },
];
