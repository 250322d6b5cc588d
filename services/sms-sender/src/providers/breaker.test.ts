import { manualClock } from '@tollgate/shared/time/clock.ts';
import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Breaker, createBreaker } from './breaker.ts';
import type { SubmissionOutcome } from './sms-provider.ts';

const unknown: SubmissionOutcome = { kind: 'unknown', detail: 'timeout' };
const away: SubmissionOutcome = { kind: 'unavailable', code: 'not_reached', detail: 'ECONNREFUSED' };
const refused: SubmissionOutcome = { kind: 'unavailable', code: 'not_taken', detail: 'not taken over' };
const accepted: SubmissionOutcome = { kind: 'accepted', providerMessageId: 'p', providerRequestId: null };

let clock = manualClock('2026-11-21T10:00:00Z');
let breaker: Breaker;

beforeEach(() => {
  clock = manualClock('2026-11-21T10:00:00Z');
  breaker = createBreaker(clock);
});

const fail = (times: number) => {
  for (let count = 0; count < times; count += 1) breaker.learn([unknown]);
};
const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * SECOND_MS);

describe('a provider that does not answer', () => {
  test('is left alone after three calls in a row, not after two', () => {
    fail(2);
    expect(breaker.admit()).toEqual({ kind: 'all' });
    fail(1);
    expect(breaker.admit()).toEqual({ kind: 'none', until: inSeconds(5) });
    expect(breaker.isOpen()).toBe(true);
  });

  test('cannot be reached at all: that counts alike', () => {
    breaker.learn([away, away]);
    breaker.learn([unknown, away]);
    breaker.learn([unknown]);
    expect(breaker.admit().kind).toBe('none');
  });

  test.each([
    ['a refusal', [refused]],
    ['one acceptance among unknowns', [unknown, accepted]],
    ['a rate limit', [{ kind: 'throttled', detail: 'HTTP 429' }]],
  ] as const)('%s is an answer and begins the count anew', (_, outcomes) => {
    fail(2);
    breaker.learn(outcomes);
    fail(2);
    expect(breaker.admit()).toEqual({ kind: 'all' });
  });
});

describe('after the pause', () => {
  beforeEach(() => {
    fail(3);
    clock.advance(5 * SECOND_MS);
  });

  test('one message probes, and nothing else is claimed meanwhile', () => {
    expect(breaker.admit()).toMatchObject({ kind: 'probe' });
    expect(breaker.admit()).toMatchObject({ kind: 'none' });
  });

  test('a probe that succeeds lets everything through again', () => {
    breaker.admit();
    breaker.learn([accepted]);
    expect(breaker.admit()).toEqual({ kind: 'all' });
    fail(2);
    expect(breaker.admit()).toEqual({ kind: 'all' });
  });

  test('a probe that fails begins another pause, twice as long each time up to a minute', () => {
    const pauses: number[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      expect(breaker.admit().kind).toBe('probe');
      breaker.learn([away]);
      const admission = breaker.admit();
      if (admission.kind !== 'none') throw new Error('the breaker did not open');
      pauses.push((admission.until.getTime() - clock.now().getTime()) / SECOND_MS);
      clock.advance(MINUTE_MS);
    }
    expect(pauses).toEqual([10, 20, 40, 60, 60, 60]);
  });

  test('a probe with nothing to send is given back', () => {
    const probe = breaker.admit();
    if (probe.kind !== 'probe') throw new Error('no probe was handed out');
    probe.forgo();
    expect(breaker.admit().kind).toBe('probe');
  });

  test('a probe that nobody reports back is handed out again', () => {
    breaker.admit();
    clock.advance(29 * SECOND_MS);
    expect(breaker.admit().kind).toBe('none');
    clock.advance(SECOND_MS);
    expect(breaker.admit().kind).toBe('probe');
  });

  test('an answer to an earlier call shows that the provider is back', () => {
    breaker.learn([accepted]);
    expect(breaker.admit()).toEqual({ kind: 'all' });
  });
});

test('failures of earlier calls do not prolong a pause', () => {
  fail(3);
  const { until } = breaker.admit() as { until: Date };
  clock.advance(SECOND_MS);
  fail(5);
  expect(breaker.admit()).toEqual({ kind: 'none', until });
});
