import { Temporal } from 'temporal-polyfill';

export type Cadence = 'daily' | 'weekly' | 'monthly';

/** The local date at an instant, as YYYY-MM-DD. `zone` is an IANA name. */
export function localDate(instant: Date, zone: string): string {
  return zoned(instant, zone).toPlainDate().toString();
}

/** The first instant of a local day: usually midnight, later where a clock change skips it. */
export function startOfLocalDay(date: string, zone: string): Date {
  const start = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone }).startOfDay();
  return new Date(start.epochMilliseconds);
}

/** The end of the local day, week (Monday to Sunday) or month that the instant lies in, exclusive. */
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
  }
}

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}
