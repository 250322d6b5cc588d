import { expect, test } from 'vitest';
import { decideEnd } from './period-end.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 2, 10, hour));
const monthly = { startsAt: at(1), endsAt: at(10), cadence: 'monthly' as const };
const threshold = { ...monthly, cadence: 'threshold' as const };
const schedule = { kind: 'schedule' } as const;
const reached = { kind: 'threshold' } as const;
const alive = { deletedAt: null };

test.each([
  ['a scheduled close', monthly, schedule, at(12), alive, [at(10), 'schedule', false]],
  ['a threshold', threshold, reached, at(5), alive, [at(5), 'threshold', false]],
  ['a threshold after the end of the year', threshold, reached, at(12), alive, [at(10), 'schedule', false]],
  ['a deletion within it', monthly, schedule, at(5), { deletedAt: at(4) }, [at(5), 'deletion', true]],
  [
    'a deletion seen after its end',
    monthly,
    schedule,
    at(12),
    { deletedAt: at(4) },
    [at(10), 'deletion', true],
  ],
  ['a deletion after it', monthly, schedule, at(12), { deletedAt: at(11) }, [at(10), 'schedule', false]],
  [
    'a deletion before its first moment',
    monthly,
    schedule,
    at(1),
    { deletedAt: at(0) },
    [new Date(at(1).getTime() + 1), 'deletion', true],
  ],
  ['a test clock', monthly, { kind: 'as_of', at: at(3) } as const, at(2), alive, [at(3), 'manual', false]],
])('%s ends it where it must', (_, period, cause, now, { deletedAt }, [endsAt, closedBy, isFinal]) => {
  expect(decideEnd(period, { cause, now, deletedAt })).toEqual({ endsAt, closedBy, isFinal });
});

test.each([
  ['a threshold of a period that has none', monthly, reached, at(5)],
  ['a threshold in the moment in which it began', threshold, reached, at(1)],
  ['a test clock before it', monthly, { kind: 'as_of', at: at(0) } as const, at(5)],
])('%s does not end it', (_, period, cause, now) => {
  expect(decideEnd(period, { cause, now, deletedAt: null })).toBeNull();
});
