import type { IntervalCount } from './subscription.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Returns the first end of a billing period after the instant; all ends lie whole intervals after the anchor. A month
 * that is too short for the anchor's day ends on its last day, without moving later ones. Seconds, in UTC.
 */
export function periodEndAfter(instant: number, anchor: number, rhythm: IntervalCount): number {
  let periods = 1;
  while (addIntervals(anchor, rhythm, periods) <= instant) periods += 1;
  return addIntervals(anchor, rhythm, periods);
}

function addIntervals(
  anchor: number,
  { interval, interval_count: count }: IntervalCount,
  periods: number,
): number {
  const steps = count * periods;
  switch (interval) {
    case 'day':
      return anchor + (steps * dayMs) / 1000;
    case 'week':
      return anchor + (7 * steps * dayMs) / 1000;
    case 'month':
      return addMonths(anchor, steps);
    case 'year':
      return addMonths(anchor, 12 * steps);
  }
}

function addMonths(anchor: number, months: number): number {
  const start = new Date(anchor * 1000);
  const year = start.getUTCFullYear();
  const month = start.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(start.getUTCDate(), lastDay);
  const timeOfDay = anchor * 1000 - Date.UTC(year, start.getUTCMonth(), start.getUTCDate());
  return (Date.UTC(year, month, day) + timeOfDay) / 1000;
}
