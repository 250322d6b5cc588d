import { SMS_METER } from '../usage/message-usage.ts';
import { readingDays } from '../usage/reading-days.ts';
import type { Check } from './check.ts';

// A day of readings has one price, that of its first one; whatever else an event says must be the roll-up's own.
const strangers = `count(*) FILTER (WHERE (e.tenant_id, e.meter, e.country, e.currency)
                            <> (r.tenant_id, r.meter, r.country, r.currency)
                            OR (e.unit_price_micros <> r.unit_price_micros AND coalesce(m.aggregation, 'sum') = 'sum'))`;

const ofDay = 'tenant_id, day, meter, country, currency';

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
      'Every roll-up has the count, quantity and amount of its events, all of its own tenant, meter and price; of a level the count.',
    // Fees are usage of meters that are no rows: they add up.
    sql: `
      SELECT r.id::text AS subject, r.tenant_id,
             format('expected %s events, %s units, %s micros, found %s, %s, %s and %s events that belong elsewhere',
                    count(e.id), coalesce(sum(e.quantity), 0), coalesce(sum(e.amount_micros), 0),
                    r.event_count, r.quantity, r.amount_micros, ${strangers}) AS detail
      FROM usage_rollups r
      LEFT JOIN meters m ON m.id = r.meter
      LEFT JOIN usage_events e ON e.rollup_id = r.id
      GROUP BY r.id, m.aggregation
      HAVING r.event_count <> count(e.id) OR ${strangers} > 0
          OR (coalesce(m.aggregation, 'sum') = 'sum' AND (r.quantity <> coalesce(sum(e.quantity), 0)
                                         OR r.amount_micros <> coalesce(sum(e.amount_micros), 0)))`,
  },
  {
    name: 'levels-are-counted-by-day',
    statement:
      "What a level's roll-ups of a day hold together is its highest or latest reading, at one price.",
    sql: `
      WITH held AS (
        SELECT r.* FROM usage_rollups r JOIN meters m ON m.id = r.meter AND m.aggregation <> 'sum'
      ), readings AS (
        SELECT e.*, held.day FROM held JOIN usage_events e ON e.rollup_id = held.id
      ), ${readingDays(ofDay)}, totals AS (
        SELECT ${ofDay}, min(id::text) AS id, sum(quantity) AS quantity, sum(amount_micros) AS amount_micros,
               min(unit_price_micros) AS unit_price_micros, count(DISTINCT unit_price_micros) AS prices
        FROM held GROUP BY ${ofDay}
      )
      SELECT totals.id AS subject, tenant_id,
             format('expected %s of %s on %s at %s micros each, found %s for %s micros at %s prices', reading_days.quantity, meter,
                    day, totals.unit_price_micros, totals.quantity, totals.amount_micros, totals.prices) AS detail
      FROM totals LEFT JOIN reading_days USING (${ofDay})
      WHERE totals.quantity IS DISTINCT FROM reading_days.quantity OR totals.prices <> 1
         OR totals.amount_micros <> totals.quantity * totals.unit_price_micros`,
  },
  {
    name: 'corrections-fit-their-events',
    statement:
      'A correction names an event of its own meter that is none itself, and together they take back no more than it counts.',
    sql: `
      SELECT (array_agg(c.id ORDER BY c.id))[1]::text AS subject, c.tenant_id,
             format('expected an event %s of %s that counts %s at least, found %s', c.corrects_source_id, c.meter,
                    -sum(c.quantity), coalesce(min(e.quantity)::text, 'none')) AS detail
      FROM usage_events c
      LEFT JOIN usage_events e ON e.tenant_id = c.tenant_id AND e.meter = c.meter AND e.source_id = c.corrects_source_id
        AND e.corrects_source_id IS NULL
      WHERE c.corrects_source_id IS NOT NULL
      GROUP BY c.tenant_id, c.meter, c.corrects_source_id
      HAVING count(e.id) = 0 OR min(e.quantity) + sum(c.quantity) < 0`,
  },
];
