import { SMS_METER } from '../usage/message-usage.ts';
import type { Check } from './check.ts';

const strangers = `count(*) FILTER (WHERE (e.tenant_id, e.meter, e.country, e.currency, e.unit_price_micros)
                            <> (r.tenant_id, r.meter, r.country, r.currency, r.unit_price_micros))`;

/** What was charged, metered and rolled up. */
export const usageChecks: readonly Check[] = [
  {
    name: 'charges-are-metered-once',
    statement:
      'Every charge and refund of a message has one usage event of the same amount, and no event is without it.',
    sql: `
      SELECT source_id AS subject, tenant_id,
             format('expected one event of %s, found %s of %s', coalesce(charge.micros || ' micros ' || charge.currency, 'none'),
                    coalesce(usage.count, 0), coalesce(usage.micros || ' micros ' || usage.currency, 'none')) AS detail
      FROM (SELECT tenant_id, currency, -amount_micros AS micros,
                   message_id || CASE kind WHEN 'refund' THEN ' refund' WHEN 'refund_reversal' THEN ' refund reversal'
                                 ELSE '' END AS source_id
            FROM ledger_entries WHERE kind IN ('sms_send', 'refund', 'refund_reversal')) charge
      FULL JOIN (SELECT tenant_id, source_id, currency, count(*) AS count, sum(amount_micros) AS micros
                 FROM usage_events WHERE meter = '${SMS_METER}' GROUP BY tenant_id, source_id, currency) usage
        USING (tenant_id, source_id)
      WHERE usage.count IS DISTINCT FROM 1 OR usage.micros IS DISTINCT FROM charge.micros
         OR usage.currency IS DISTINCT FROM charge.currency`,
  },
  {
    name: 'usage-is-rolled-up',
    statement: 'Every usage event is counted by a roll-up within an hour of being recorded.',
    sql: `
      SELECT id::text AS subject, tenant_id,
             format('expected a roll-up within an hour of %s, found none', recorded_at) AS detail
      FROM usage_events
      WHERE rollup_id IS NULL AND recorded_at < (SELECT instant FROM as_of) - interval '1 hour'`,
  },
  {
    name: 'roll-ups-are-sums-of-events',
    statement:
      'Every roll-up has the count, quantity and amount of its events, all of its own tenant, meter and price.',
    sql: `
      SELECT r.id::text AS subject, r.tenant_id,
             format('expected %s events, %s units, %s micros, found %s, %s, %s and %s events that belong elsewhere',
                    count(e.id), coalesce(sum(e.quantity), 0), coalesce(sum(e.amount_micros), 0),
                    r.event_count, r.quantity, r.amount_micros, ${strangers}) AS detail
      FROM usage_rollups r
      LEFT JOIN usage_events e ON e.rollup_id = r.id
      GROUP BY r.id
      HAVING r.event_count <> count(e.id) OR r.quantity <> coalesce(sum(e.quantity), 0)
          OR r.amount_micros <> coalesce(sum(e.amount_micros), 0) OR ${strangers} > 0`,
  },
];
