import { HOUR_MS } from '@tollgate/shared/time/durations.ts';
import { describe, expect, test } from 'vitest';
import { ATTEMPTS_MAX, decideNextStep, retryDelayMs } from './decide-next-step.ts';

const failure = { code: 'smtp_451', detail: '451 try later' };
const deferred = { kind: 'deferred', ...failure } as const;

describe('after an attempt', () => {
  test('that was accepted the mail is sent, whichever attempt it was', () => {
    for (const attempts of [1, ATTEMPTS_MAX]) {
      expect(decideNextStep(attempts, { kind: 'accepted' }, 0)).toEqual({ kind: 'sent' });
    }
  });

  test('that was refused the mail is given up at once', () => {
    const refused = { kind: 'refused', code: 'smtp_550', detail: '550 no such user' } as const;
    expect(decideNextStep(1, refused, 0)).toEqual({
      kind: 'give_up',
      failure: { code: 'smtp_550', detail: '550 no such user' },
    });
  });

  test('that was deferred the mail is tried seven times more', () => {
    for (let attempts = 1; attempts < 8; attempts += 1) {
      expect(decideNextStep(attempts, deferred, 0)).toMatchObject({ kind: 'try_again', failure });
    }
    expect(decideNextStep(8, deferred, 0)).toEqual({ kind: 'give_up', failure });
  });
});

describe('the wait before the next attempt', () => {
  test('is four times as long each time', () => {
    expect([1, 2, 3, 4].map((attempts) => retryDelayMs(attempts, 1))).toEqual([
      5_000, 20_000, 80_000, 320_000,
    ]);
  });

  test('is spread over its second half', () => {
    expect([retryDelayMs(2, 0), retryDelayMs(2, 0.5)]).toEqual([10_000, 15_000]);
  });

  test('is never longer than six hours', () => {
    expect(retryDelayMs(20, 1)).toBe(6 * HOUR_MS);
  });

  test('together gives a server that is away between three and a half and eight hours', () => {
    const together = (random: number) =>
      [1, 2, 3, 4, 5, 6, 7].reduce((sum, attempts) => sum + retryDelayMs(attempts, random), 0);
    expect(together(0)).toBeGreaterThan(3.5 * HOUR_MS);
    expect(together(1)).toBeLessThan(8 * HOUR_MS);
  });
});
