import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import {
  addLocalDays,
  type Cadence,
  endOfLocalPeriod,
  lastLocalDay,
  localDate,
  startOfLocalDay,
} from '../../time/local-time.ts';

const firstInstant = new Date('2026-01-07T10:30:00.000Z');
const lastInstant = new Date('2028-01-07T10:30:00.000Z');

/** Zones whose clocks agree at every moment of the two years have the same periods: one of each is looked at. */
function distinctZones(): Map<string, string[]> {
  const byClock = new Map<string, string[]>();
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(
      firstInstant.getTime(),
    ).toZonedDateTimeISO(zone);
    const changes: string[] = [];
    while (at !== null && at.epochMilliseconds < lastInstant.getTime()) {
      changes.push(`${changes.length === 0 ? '' : at.epochMilliseconds} ${at.offsetNanoseconds}`);
      at = at.getTimeZoneTransition('next');
    }
    const clock = changes.join(', ');
    byClock.set(clock, [...(byClock.get(clock) ?? []), zone]);
  }
  return byClock;
}

const zones = distinctZones();

/** The first local day whose usage a close at that end leaves for the next one. */
const dayAfter = (endsAt: Date, zone: string) => addLocalDays(lastLocalDay(endsAt, zone), 1);

const isFirstDay: Record<Cadence, (day: string) => boolean> = {
  daily: () => true,
  weekly: (day) => Temporal.PlainDate.from(day).dayOfWeek === 1,
  monthly: (day) => day.endsWith('-01'),
  threshold: (day) => day.endsWith('-01-01'),
};

test('every IANA zone is one of those that are looked at', () => {
  expect([...zones.values()].flat().length).toBe(Intl.supportedValuesOf('timeZone').length);
  expect(zones.size).toBeGreaterThan(40);
});

/** Where days can differ from one another: two days before each change of the clock and of the month, and after it. */
function startsOfDays(zone: string): Date[] {
  const days = new Set<string>();
  const around = (at: Date) => {
    const day = localDate(at, zone);
    for (const offset of [-2, -1, 0, 1]) days.add(addLocalDays(day, offset));
  };
  for (let month = firstInstant; month < lastInstant; month = endOfLocalPeriod(month, 'monthly', zone))
    around(month);
  for (let at = clockAfter(firstInstant, zone); at !== null && at < lastInstant; at = clockAfter(at, zone))
    around(at);
  return [...days].map((day) => startOfLocalDay(day, zone));
}

function clockAfter(at: Date, zone: string): Date | null {
  const next = Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .getTimeZoneTransition('next');
  return next && new Date(next.epochMilliseconds);
}

/** Every period of the two years, one after another; of days, those that may differ. */
function periodStarts(cadence: Cadence, zone: string): Date[] {
  if (cadence === 'daily') return startsOfDays(zone);
  const starts: Date[] = [];
  for (let at = firstInstant; at < lastInstant; at = endOfLocalPeriod(at, cadence, zone)) starts.push(at);
  return starts;
}

describe.each(['daily', 'weekly', 'monthly', 'threshold'] as const)('%s periods', (cadence) => {
  test('tile two years in every zone, and each moment is billed once', { timeout: 120_000 }, () => {
    for (const [zone] of zones.values() as Iterable<[string]>) {
      for (const startsAt of periodStarts(cadence, zone)) {
        const endsAt = endOfLocalPeriod(startsAt, cadence, zone);
        const where = `${zone} ${startsAt.toISOString()} ${endsAt.toISOString()}`;
        const beforeDay = dayAfter(endsAt, zone);
        // It ends where a local day begins that starts a new one, takes every day up to that and none after it.
        const facts = [
          endsAt > startsAt,
          isFirstDay[cadence](beforeDay),
          localDate(endsAt, zone) === beforeDay,
        ];
        if (facts.includes(false)) expect(facts, where).toEqual([true, true, true]);
        if (endsAt.getTime() !== startOfLocalDay(beforeDay, zone).getTime())
          expect(endsAt, where).toEqual(startOfLocalDay(beforeDay, zone));
        // The close before it took the days before its first one, unless it began within a day.
        if (startsAt !== firstInstant && dayAfter(startsAt, zone) !== localDate(startsAt, zone))
          expect(dayAfter(startsAt, zone), where).toBe(localDate(startsAt, zone));
      }
    }
  });
});
