import { MINUTE_MS } from '../time/durations.ts';
import { endOfLocalPeriod, localDate, localMonth } from '../time/local-time.ts';
import { EVERY_OTHER_COUNTRY, type Guard, type GuardRules } from './guard-rules.ts';

/** A span of time over which something of a tenant is counted. */
export type GuardWindow = {
  tenantId: string;
  guard: Guard;
  /** The country or recipient that is counted; empty where all are. */
  subject: string;
  /** Names the span: a UTC minute, or a day or month in the tenant's zone. */
  window: string;
  endsAt: Date;
};

/** Of a message: where it goes. */
export type Destination = { country: string; recipient: string };

/** Key of a window in maps. */
export function windowKey({ tenantId, guard, subject, window }: Omit<GuardWindow, 'endsAt'>): string {
  return `${tenantId} ${guard} ${subject} ${window}`;
}

/** The limit that a window has; null for none. In the unit of the rules. */
export function limitOf(rules: GuardRules, { guard, subject }: Pick<GuardWindow, 'guard' | 'subject'>) {
  switch (guard) {
    case 'minute':
      return rules.minute;
    case 'day':
      return rules.day;
    case 'month':
      return rules.month;
    case 'recipient_day':
      return rules.recipientDay;
    case 'country_day':
      return rules.countryDay[subject] ?? rules.countryDay[EVERY_OTHER_COUNTRY] ?? null;
  }
}

/** The spans of time around an instant, named and with their ends. */
export type Spans = Record<'minute' | 'day' | 'month', Pick<GuardWindow, 'window' | 'endsAt'>>;

/** The minute (UTC), and the day and month of the zone, that the instant lies in. */
export function spansAt(at: Date, timeZone: string): Spans {
  const minuteAt = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
  return {
    minute: {
      window: new Date(minuteAt).toISOString().slice(0, 16),
      endsAt: new Date(minuteAt + MINUTE_MS),
    },
    day: { window: localDate(at, timeZone), endsAt: endOfLocalPeriod(at, 'daily', timeZone) },
    month: { window: localMonth(at, timeZone), endsAt: endOfLocalPeriod(at, 'monthly', timeZone) },
  };
}

/**
 * Tells the windows in which a message handed over within the spans counts. Days, months and countries
 * always count, so that a limit set later knows what went before; minutes and recipients only while
 * limited, because a row each would be many.
 */
export function createWindowsOf(
  rules: GuardRules,
  { minute, day, month }: Spans,
): (destination: Destination) => readonly GuardWindow[] {
  const { tenantId } = rules;
  const common: GuardWindow[] = [
    { tenantId, guard: 'day', subject: '', ...day },
    { tenantId, guard: 'month', subject: '', ...month },
    ...(rules.minute === null ? [] : [{ tenantId, guard: 'minute' as const, subject: '', ...minute }]),
  ];
  return ({ country, recipient }) => [
    ...common,
    { tenantId, guard: 'country_day', subject: country, ...day },
    ...(rules.recipientDay === null
      ? []
      : [{ tenantId, guard: 'recipient_day' as const, subject: recipient, ...day }]),
  ];
}
