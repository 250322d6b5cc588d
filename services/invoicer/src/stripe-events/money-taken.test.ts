import { expect, test } from 'vitest';
import { decideTaken } from './money-taken.ts';

test.each([
  [{ paid: 3_000, taken: 0 }, 'none'],
  [{ paid: 3_000, taken: 1 }, 'part'],
  [{ paid: 3_000, taken: 2_999 }, 'part'],
  [{ paid: 3_000, taken: 3_000 }, 'all'],
  [{ paid: 0, taken: 0 }, 'none'],
] as const)('of %o is gone: %s', (money, decision) => {
  expect(decideTaken(money)).toBe(decision);
});
