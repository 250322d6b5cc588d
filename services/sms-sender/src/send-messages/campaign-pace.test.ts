import { MINUTE_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { describe, expect, test } from 'vitest';
import { createCampaignPace } from './campaign-pace.ts';

const WORK_MS = 10;

/** A pace on a clock of its own, which goes on while a campaign waits for its turn; those who wake messages have another. */
function pacing({ clocksApartMs = 0 } = {}) {
  let nowMs = 0;
  const waitOf = (ms: number) => ({ waitedMs: ms + clocksApartMs, workedMs: WORK_MS });
  const pace = createCampaignPace({
    nowMs: () => nowMs,
    async wait(ms) {
      nowMs += ms;
    },
  });
  return {
    ...pace,
    pass(ms: number) {
      nowMs += ms;
    },
    /** Waits of single messages while a campaign asks for one turn after another. */
    async singlesWaited(...waits: readonly number[]) {
      for (const ms of waits) {
        await pace.turn(1);
        pace.singlesWaited(waitOf(ms));
      }
    },
    /** Waits of single messages while there is no campaign. */
    singlesWaitedAlone(...waits: readonly number[]) {
      for (const ms of waits) pace.singlesWaited(waitOf(ms));
    },
    /** Messages per second at which a campaign hands over its next hundred. */
    async rate(): Promise<number> {
      const startMs = nowMs;
      for (let slice = 0; slice < 10; slice += 1) await pace.turn(10);
      await pace.turn(0);
      return Math.round((100 * SECOND_MS) / (nowMs - startMs));
    },
  };
}

const shortMs = 12;
const longMs = shortMs + 2 * WORK_MS + 1;
const times = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms);

describe('while nobody sends single messages', () => {
  test('a campaign takes whole chunks and never waits', async () => {
    const { sliceSize, rate } = pacing();
    expect(sliceSize(100)).toBe(100);
    expect(await rate()).toBe(Number.POSITIVE_INFINITY);
  });

  test('it does so again five seconds after the last one', async () => {
    const { singlesWaited, pass, sliceSize, rate } = pacing();
    await singlesWaited(shortMs);
    pass(4_999);
    expect(sliceSize(100)).toBe(10);
    pass(1);
    expect(sliceSize(100)).toBe(100);
    expect(await rate()).toBe(Number.POSITIVE_INFINITY);
  });

  test('the rate that was found is kept for five minutes, then the next one finds the first again', async () => {
    const { singlesWaited, singlesWaitedAlone, pass, rate } = pacing();
    await singlesWaited(...times(100, shortMs));
    const found = await rate();
    pass(5 * MINUTE_MS - 2 * SECOND_MS);
    singlesWaitedAlone(shortMs);
    expect(await rate()).toBeCloseTo(found, -1);
    pass(5 * MINUTE_MS);
    singlesWaitedAlone(shortMs);
    expect(await rate()).toBe(100);
  });
});

describe('while single messages come', () => {
  test('a campaign begins at a hundred a second, in slices of ten', async () => {
    const { singlesWaitedAlone, sliceSize, rate } = pacing();
    singlesWaitedAlone(shortMs);
    expect([100, 10, 7].map(sliceSize)).toEqual([10, 10, 7]);
    expect(await rate()).toBe(100);
  });

  test('it becomes faster as long as they are handed over at once', async () => {
    const { singlesWaited, rate } = pacing();
    await singlesWaited(...times(100, shortMs));
    expect(await rate()).toBeGreaterThan(400);
  });

  test.each([
    ['right', 0],
    ['12 ms ahead', -12],
    ['an hour behind', 60 * MINUTE_MS],
  ])(
    'one that waited twice its work longer than others slows it down; their clock is %s',
    async (_how, clocksApartMs) => {
      const { singlesWaited, rate } = pacing({ clocksApartMs });
      await singlesWaited(...times(100, shortMs));
      const before = await rate();
      await singlesWaited(longMs);
      expect((await rate()) / before).toBeCloseTo(0.7, 2);
    },
  );

  test('they alone do not make it faster, nor does a campaign that is slower by itself', async () => {
    const { singlesWaitedAlone, turn, pass, rate } = pacing();
    singlesWaitedAlone(...times(100_000, shortMs));
    expect(await rate()).toBe(100);
    for (let single = 0; single < 1_000; single += 1) {
      await turn(1);
      pass(10);
      singlesWaitedAlone(shortMs);
    }
    expect(await rate()).toBe(100);
  });

  test('what it could not hand over leaves its turn to others', async () => {
    const { singlesWaitedAlone, turn, giveBack, rate } = pacing();
    singlesWaitedAlone(shortMs);
    await turn(50);
    giveBack(50);
    expect(await rate()).toBe(100);
    await turn(50);
    expect(await rate()).toBe(67);
  });

  test('it is never slower than fifty a second, whatever they wait', async () => {
    const { singlesWaited, rate } = pacing();
    await singlesWaited(shortMs, ...times(100, 10_000));
    expect(await rate()).toBe(50);
  });

  test('it finds the pace at which one in 25 of them waits too long', async () => {
    const { singlesWaited, rate } = pacing();
    let tooLong = 0;
    await singlesWaited(shortMs);
    for (let single = 0; single < 2_000; single += 1) {
      // The faster the campaign, the more often a single message meets a slice of it.
      const isMet = (single * 0.618) % 1 < (await rate()) / 10_000;
      if (isMet && single >= 1_000) tooLong += 1;
      await singlesWaited(isMet ? longMs : shortMs);
    }
    expect(tooLong / 1_000).toBeCloseTo(0.04, 2);
  });
});

test('a wait that was once short and never is again no longer counts after ten minutes', async () => {
  const { singlesWaited, pass, rate } = pacing();
  await singlesWaited(shortMs);
  pass(5 * MINUTE_MS);
  await singlesWaited(...times(10, longMs));
  expect(await rate()).toBe(50);
  pass(5 * MINUTE_MS);
  await singlesWaited(...times(10, longMs));
  expect(await rate()).toBeGreaterThan(100);
});
