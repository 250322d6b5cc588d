/**
 * What readings of a level (max, last) come to, day by day: the common table expressions `corrected` and
 * `reading_days`, named with the suffix, over one named `readings` with the columns of usage_events and
 * those of `by`, which names the day and the meter at least. A correction changes the reading that it
 * names. Of readings of one instant the one recorded later is the latest. A day has one price: that of
 * the reading that was recorded first.
 */
export function readingDays(by: string, suffix = ''): string {
  return `
    corrected${suffix} AS (
      SELECT ${by}, coalesce(corrects_source_id, source_id) AS source, sum(quantity) AS value, count(*) AS event_count,
             min(occurred_at) AS occurred_at, min(recorded_at) AS recorded_at,
             (array_agg(id ORDER BY recorded_at, id))[1] AS id,
             (array_agg(unit_price_micros ORDER BY recorded_at, id))[1] AS unit_price_micros
      FROM readings
      GROUP BY ${by}, source
    ), reading_days${suffix} AS (
      SELECT ${by}, (CASE (SELECT aggregation FROM meters WHERE meters.id = meter)
                       WHEN 'max' THEN max(value)
                       ELSE (array_agg(value ORDER BY occurred_at DESC, recorded_at DESC, id DESC))[1]
                     END)::bigint AS quantity,
             sum(event_count) AS event_count,
             (array_agg(unit_price_micros ORDER BY recorded_at, id))[1] AS unit_price_micros
      FROM corrected${suffix}
      GROUP BY ${by}
    )`;
}
