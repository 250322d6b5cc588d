import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { collectingLogger } from '../testing/collecting-logger.ts';
import { HOUR_MS, SECOND_MS } from '../time/durations.ts';
import { repeat } from './repeat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const { logger } = collectingLogger();

test('a turn that finds more to do is followed by the next at once, another only after the pause', async () => {
  let left = 3;
  let turns = 0;
  const { stop } = repeat({
    logger,
    name: 'test',
    everyMs: HOUR_MS,
    async work() {
      turns += 1;
      left -= 1;
      return left > 0;
    },
  });
  await vi.advanceTimersByTimeAsync(HOUR_MS - 1);
  expect(turns).toBe(0);
  await vi.advanceTimersByTimeAsync(SECOND_MS);
  expect(turns).toBe(3);
  await vi.advanceTimersByTimeAsync(HOUR_MS - 2 * SECOND_MS);
  expect(turns).toBe(3);
  await vi.advanceTimersByTimeAsync(2 * SECOND_MS);
  expect(turns).toBe(4);
  await stop();
});

test('a turn that fails does not end the turns', async () => {
  let turns = 0;
  const { stop } = repeat({
    logger,
    name: 'test',
    everyMs: HOUR_MS,
    async work() {
      turns += 1;
      throw new Error('the database is away');
    },
  });
  await vi.advanceTimersByTimeAsync(3 * HOUR_MS);
  expect(turns).toBe(3);
  await stop();
});
