import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readTimeRange, timeRangeParameters } from './time-range.ts';

describe('a span of time', () => {
  test.each([
    [
      'a day is the tenant’s own, and the last one counts whole',
      '2026-03-01',
      '2026-03-31',
      'Europe/Prague',
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ],
    [
      'a day in summer time’s first night is 23 hours',
      '2026-03-29',
      '2026-03-29',
      'Europe/Prague',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ],
    [
      'a day far east',
      '2026-03-01',
      '2026-03-01',
      'Pacific/Kiritimati',
      '2026-02-28T10:00:00.000Z',
      '2026-03-01T10:00:00.000Z',
    ],
    [
      'instants are taken as they are',
      '2026-03-01T00:00:00+01:00',
      '2026-03-01T00:00:01Z',
      'UTC',
      '2026-02-28T23:00:00.000Z',
      '2026-03-01T00:00:01.000Z',
    ],
  ])('%s', (_, from, to, zone, startsAt, endsAt) => {
    const span = readTimeRange({ from, to }, zone);
    expect([span.startsAt?.toISOString(), span.endsAt?.toISOString()]).toEqual([startsAt, endsAt]);
  });

  test('is open where nothing is given', () => {
    expect(readTimeRange({}, 'UTC')).toEqual({});
  });

  test('never ends before it begins', () => {
    expect(() => readTimeRange({ from: '2026-03-02', to: '2026-03-01' }, 'UTC')).toThrow(
      'to: must be after from',
    );
  });

  test.each(['', '2026-02-30', '2026-03-01T25:00:00Z', '2026-03-01T00:00', '0999-01-01', 'now'])(
    'cannot be told by %j',
    (from) => {
      expect(z.object(timeRangeParameters).safeParse({ from }).success).toBe(false);
    },
  );
});
