import { Temporal } from 'temporal-polyfill';

/** How often a tenant is billed. A threshold has no end of its own: its period ends with the local year at the latest. */
export type Cadence = 'daily' | 'weekly' | 'monthly' | 'threshold';

/** The local date at an instant, as YYYY-MM-DD. `zone` is an IANA name. */
export function localDate(instant: Date, zone: string): string {
  return zoned(instant, zone).toPlainDate().toString();
}

/** The day of a date column, or of an instant in UTC, as YYYY-MM-DD. */
export function utcDay(date: Date): string {
  return date.toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** The first instant of a local day: usually midnight, later where a clock change skips it. */
export function startOfLocalDay(date: string, zone: string): Date {
  const start = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone }).startOfDay();
  return new Date(start.epochMilliseconds);
}

/** The date so many days later; earlier for a negative number. */
export function addLocalDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** The dates from the first to the last, both included; none when the last comes before the first. */
export function localDays(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addLocalDays(day, 1)) days.push(day);
  return days;
}

/** The last local day that a span ending at the instant, exclusive, has a part of. */
export function lastLocalDay(endsAt: Date, zone: string): string {
  return localDate(new Date(endsAt.getTime() - 1), zone);
}

/** How many days the month of the date has, and which of them the date is, from 1. */
export function dayOfMonth(date: string): { day: number; daysInMonth: number } {
  const { day, daysInMonth } = Temporal.PlainDate.from(date);
  return { day, daysInMonth };
}

/** The end of the local day, week (Monday to Sunday), month or, for a threshold, year that the instant lies in, exclusive. */
export function endOfLocalPeriod(instant: Date, cadence: Cadence, zone: string): Date {
  const today = zoned(instant, zone).toPlainDate();
  return startOfLocalDay(nextStart(today, cadence).toString(), zone);
}

/** The local month that the instant lies in, as YYYY-MM. */
export function localMonth(instant: Date, zone: string): string {
  return zoned(instant, zone).toPlainDate().toPlainYearMonth().toString();
}

/** The span of a local month given as YYYY-MM; throws RangeError for anything else. */
export function localMonthSpan(month: string, zone: string): { startsAt: Date; endsAt: Date } {
  const first = Temporal.PlainYearMonth.from(month).toPlainDate({ day: 1 });
  return {
    startsAt: startOfLocalDay(first.toString(), zone),
    endsAt: startOfLocalDay(first.add({ months: 1 }).toString(), zone),
  };
}

function nextStart(today: Temporal.PlainDate, cadence: Cadence): Temporal.PlainDate {
  switch (cadence) {
    case 'daily':
      return today.add({ days: 1 });
    case 'weekly':
      return today.add({ days: 8 - today.dayOfWeek });
    case 'monthly':
      return today.with({ day: 1 }).add({ months: 1 });
    case 'threshold':
      return today.with({ month: 1, day: 1 }).add({ years: 1 });
  }
}

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}
