import * as fc from 'fast-check';
import { getCountries } from 'libphonenumber-js/max';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { zonesOfCountry } from './country-zones.ts';
import type { QuietHours } from './guard-rules.ts';
import { firstLoudInstant, QUIET_MINUTES_MAX, quietMinutes } from './quiet-hours.ts';

const night: QuietHours = { from: '20:00', until: '08:00' };
const localTime = (at: Date, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainTime()
    .toString()
    .slice(0, 5);

test.each([
  ['CZ', '2026-03-10T18:59:59Z', '2026-03-10T18:59:59.000Z', 'a minute before eight in the evening is loud'],
  [
    'CZ',
    '2026-03-10T19:00:00Z',
    '2026-03-11T07:00:00.000Z',
    'eight in the evening waits for eight in the morning',
  ],
  [
    'CZ',
    '2026-03-28T23:00:00Z',
    '2026-03-29T06:00:00.000Z',
    'the night when the clock goes forward is an hour shorter',
  ],
  ['CZ', '2026-10-24T23:00:00Z', '2026-10-25T07:00:00.000Z', 'the night when it goes back is an hour longer'],
  ['PT', '2026-07-01T19:30:00Z', '2026-07-02T08:00:00.000Z', 'Lisbon waits until it is day on the Azores'],
  ['US', '2026-07-01T14:00:00Z', '2026-07-01T18:00:00.000Z', 'New York waits until it is day in Honolulu'],
])('in %s at %s it is first loud at %s: %s', (country, at, expected) => {
  expect(firstLoudInstant(new Date(at), night, zonesOfCountry(country))?.toISOString()).toBe(expected);
});

test('quiet hours may lie within a day, too', () => {
  const noon = { from: '12:00', until: '14:00' };
  const at = firstLoudInstant(new Date('2026-03-10T11:30:00Z'), noon, ['Europe/Prague']);
  expect(at?.toISOString()).toBe('2026-03-10T13:00:00.000Z');
  expect([quietMinutes(noon), quietMinutes(night)]).toEqual([120, 720]);
});

test('every country has a zone, and no zone of it is ever disturbed, nor a message held longer than needed', () => {
  const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const quietHours = fc
    .tuple(minute, fc.integer({ min: 1, max: QUIET_MINUTES_MAX }))
    .map(([from, length]) => ({ from: clock(from), until: clock((from + length) % (24 * 60)) }));
  const instant = fc.date({
    min: new Date('2026-01-01Z'),
    max: new Date('2027-01-01Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(fc.constantFrom(...getCountries()), quietHours, instant, (country, quiet, at) => {
      const zones = zonesOfCountry(country);
      expect(zones.length).toBeGreaterThan(0);
      const loud = firstLoudInstant(at, quiet, zones);
      if (loud === null) throw new Error(`${country} is never loud`);
      expect(loud.getTime()).toBeGreaterThanOrEqual(at.getTime());
      for (const zone of zones) expect(isWithin(localTime(loud, zone), quiet)).toBe(false);
      if (loud.getTime() > at.getTime()) {
        const before = new Date(loud.getTime() - 1);
        expect(zones.some((zone) => isWithin(localTime(before, zone), quiet))).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
}, 60_000);

/** Compared as text: HH:MM sorts by time. */
function isWithin(time: string, { from, until }: QuietHours): boolean {
  return from < until ? time >= from && time < until : time >= from || time < until;
}
