import { Temporal } from 'temporal-polyfill';
import type { QuietHours } from './guard-rules.ts';

/**
 * Quiet hours may last so long. Countries stretch over ten hours of zones at most, so a message that
 * must be inside everybody's day still finds two hours.
 */
export const QUIET_MINUTES_MAX = 12 * 60;

/** Each step leaves the quiet hours of one zone; a country has some dozens of zones. */
const STEPS_MAX = 500;

/** How long quiet hours last, in minutes of a day without a clock change. */
export function quietMinutes({ from, until }: QuietHours): number {
  return (minutesOf(until) - minutesOf(from) + 24 * 60) % (24 * 60);
}

/**
 * The first instant, not before `at`, at which no zone of the country has quiet hours: a number tells
 * its country and not its city, so a message waits until it disturbs nobody there. Null where there is
 * no such instant.
 */
export function firstLoudInstant(at: Date, quiet: QuietHours, zones: readonly string[]): Date | null {
  let instant = Temporal.Instant.fromEpochMilliseconds(at.getTime());
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const zone = zones.find((candidate) => isQuiet(instant.toZonedDateTimeISO(candidate), quiet));
    if (zone === undefined) return new Date(instant.epochMilliseconds);
    instant = endOfQuiet(instant.toZonedDateTimeISO(zone), quiet);
  }
  return null;
}

function isQuiet({ hour, minute }: Temporal.ZonedDateTime, { from, until }: QuietHours): boolean {
  const now = hour * 60 + minute;
  const [start, end] = [minutesOf(from), minutesOf(until)];
  return start < end ? now >= start && now < end : now >= start || now < end;
}

/** The next instant at which the zone's clock shows the end; where a change of clocks skips or repeats it, the next of either reading. */
function endOfQuiet(local: Temporal.ZonedDateTime, { until }: QuietHours): Temporal.Instant {
  const now = local.toInstant();
  const today = local.toPlainDate();
  const candidates = [0, 1, 2].flatMap((days) =>
    (['earlier', 'later'] as const).map((disambiguation) =>
      today
        .add({ days })
        .toPlainDateTime(Temporal.PlainTime.from(until))
        .toZonedDateTime(local.timeZoneId, { disambiguation })
        .toInstant(),
    ),
  );
  return candidates
    .filter((candidate) => Temporal.Instant.compare(candidate, now) > 0)
    .reduce((first, candidate) => (Temporal.Instant.compare(candidate, first) < 0 ? candidate : first));
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
