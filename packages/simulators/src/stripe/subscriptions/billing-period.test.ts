import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { periodEndAfter } from './billing-period.ts';

const seconds = (instant: string) => Date.parse(instant) / 1000;
const month = { interval: 'month', interval_count: 1 } as const;

describe('the end of a billing period', () => {
  it.each([
    ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00Z', '2026-02-28T10:00:00Z'],
    ['2026-02-28T10:00:00Z', '2026-01-31T10:00:00Z', '2026-03-31T10:00:00Z'],
    ['2028-01-30T00:00:00Z', '2026-08-30T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['2026-12-15T23:59:59Z', '2026-12-15T23:59:59Z', '2027-01-15T23:59:59Z'],
  ])('after %s, anchored at %s, is %s', (instant, anchor, end) => {
    expect(periodEndAfter(seconds(instant), seconds(anchor), month)).toBe(seconds(end));
  });

  it('lies after the instant and at most one interval later', () => {
    const rhythms = fc.record({
      interval: fc.constantFrom('day', 'week', 'month', 'year'),
      interval_count: fc.integer({ min: 1, max: 4 }),
    });
    const anchors = fc.integer({ min: seconds('2020-01-01'), max: seconds('2030-01-01') });
    fc.assert(
      fc.property(anchors, rhythms, fc.integer({ min: 0, max: 400 * 86_400 }), (anchor, rhythm, later) => {
        const end = periodEndAfter(anchor + later, anchor, rhythm);
        expect(end).toBeGreaterThan(anchor + later);
        expect(periodEndAfter(end - 1, anchor, rhythm)).toBe(end);
      }),
    );
  });
});
