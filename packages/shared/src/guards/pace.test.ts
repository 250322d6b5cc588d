import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Paced, pace } from './pace.ts';

const now = new Date('2026-03-10T09:00:00Z');
const list = (length: number) => Array.from({ length }, (_, index) => index);

test('a second’s worth goes at once after a pause, the rest at its own time, in order', () => {
  const { now: at, later, nextSlotAt } = pace(list(8), { ratePerSecond: 4, nextSlotAt: null, now });
  expect(at).toEqual([0, 1, 2, 3]);
  expect(later.map(({ message, at: slot }) => [message, slot.getTime() - now.getTime()])).toEqual([
    [4, 250],
    [5, 500],
    [6, 750],
    [7, 1000],
  ]);
  expect(nextSlotAt.getTime() - now.getTime()).toBe(1250);
});

test('however the messages are cut into claims, no second has more than the rate after its burst', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 10 });
  const gaps = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), sizes, gaps, (ratePerSecond, claims, waits) => {
      let nextSlotAt: Date | null = null;
      let clock = now.getTime();
      const times: number[] = [];
      for (const [index, size] of claims.entries()) {
        clock += waits[index] ?? 0;
        const paced: Paced<number> = pace(list(size), { ratePerSecond, nextSlotAt, now: new Date(clock) });
        times.push(...paced.now.map(() => clock), ...paced.later.map(({ at }) => at.getTime()));
        if (size > 0) nextSlotAt = paced.nextSlotAt;
      }
      for (const start of times) {
        const inSecond = times.filter((time) => time >= start && time < start + 1_000).length;
        expect(inSecond).toBeLessThanOrEqual(2 * ratePerSecond);
      }
      const span = Math.max(now.getTime(), ...times) - now.getTime();
      expect(times.length).toBeLessThanOrEqual(ratePerSecond * (1 + span / 1_000) + 1);
    }),
  );
});
