import { expect, test } from 'vitest';
import { countCrashes, restartDelayMs } from './restart-delay.ts';

test('each crash in a row doubles the wait, up to half a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map(restartDelayMs)).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
  ]);
});

test('a service that lived for a minute starts a new row', () => {
  expect(countCrashes(4, 59_999)).toBe(5);
  expect(countCrashes(4, 60_000)).toBe(1);
});
