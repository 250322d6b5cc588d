import { expect, test } from 'vitest';
import { isAnotherPress } from './interrupts.ts';

test('an echo within half a second is the same press', () => {
  expect([0, 20, 499, 500, 5_000].map((ms) => isAnotherPress(1_000, 1_000 + ms))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});
