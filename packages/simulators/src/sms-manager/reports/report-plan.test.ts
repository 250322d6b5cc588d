import { describe, expect, it } from 'vitest';
import { planReports } from './report-plan.ts';
import { retryDelayMs } from './retry-delay.ts';

const sent = { result: 'sent' as const, info: null, dueAt: 1000 };
const delivered = { result: 'delivered' as const, info: null, dueAt: 1250 };

describe('the plan of reports', () => {
  it('is what happened when it happened, without faults', () => {
    expect(planReports([sent], {}, 250)).toEqual([{ ...sent, lost: false }]);
  });

  it('puts sent just after the end when reversed', () => {
    expect(planReports([sent], { reverse: true }, 250)[0]?.dueAt).toBe(1251);
    expect(planReports([delivered], { reverse: true }, 250)[0]?.dueAt).toBe(1250);
  });

  it('delays everything alike', () => {
    expect(planReports([delivered], { delayMs: 5000 }, 250)[0]?.dueAt).toBe(6250);
  });

  it('can lose one of two copies', () => {
    const plan = planReports([sent], { double: true, lose: 1 }, 250);
    expect(plan.map(({ lost }) => lost)).toEqual([true, false]);
  });
});

describe('the waits between attempts', () => {
  it('are 30, 60, 120 and 240 seconds, then the report is dropped', () => {
    expect([1, 2, 3, 4, 5].map((failed) => retryDelayMs(failed, 1))).toEqual([
      30_000,
      60_000,
      120_000,
      240_000,
      null,
    ]);
  });

  it('can be scaled', () => {
    expect(retryDelayMs(1, 0.001)).toBe(30);
  });
});
