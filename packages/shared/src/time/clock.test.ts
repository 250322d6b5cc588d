import { expect, test } from 'vitest';
import { fixedClock, manualClock, systemClock } from './clock.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './durations.ts';

test('the system clock moves on its own and never back', () => {
  const first = systemClock.now();
  expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(first.getTime());
});

test('a fixed clock always shows its instant', () => {
  const clock = fixedClock('2026-03-29T01:00:00Z');
  expect([clock.now(), clock.now()]).toEqual([
    new Date('2026-03-29T01:00:00Z'),
    new Date('2026-03-29T01:00:00Z'),
  ]);
});

test('a manual clock moves exactly as told', () => {
  const clock = manualClock(new Date('2026-01-31T23:00:00Z'));
  clock.advance(HOUR_MS);
  expect(clock.now()).toEqual(new Date('2026-02-01T00:00:00Z'));
  clock.advance(-MINUTE_MS);
  expect(clock.now()).toEqual(new Date('2026-01-31T23:59:00Z'));
  clock.advance(DAY_MS);
  expect(clock.now()).toEqual(new Date('2026-02-01T23:59:00Z'));
});

test('changing a date that a clock gave, or was given, does not change the clock', () => {
  const start = new Date('2026-01-01T00:00:00Z');
  const clock = manualClock(start);
  start.setUTCFullYear(1999);
  clock.now().setUTCFullYear(1999);
  expect(clock.now()).toEqual(new Date('2026-01-01T00:00:00Z'));
});

test('an invalid instant is refused at once', () => {
  expect(() => fixedClock('yesterday')).toThrow(RangeError);
  expect(() => manualClock('2026-01-01T00:00:00Z').advance(Number.NaN)).toThrow(RangeError);
});
