import { expect, test } from 'vitest';
import { decideReminder } from './decide-reminder.ts';

test.each([
  [-1, 0, null],
  [0, 0, null],
  [2, 0, null],
  [3, 0, 1],
  [3, 1, null],
  [9, 1, null],
  [10, 1, 2],
  [10, 2, null],
  [20, 2, 3],
  [400, 3, null],
])('%i days past due after level %i: %s', (daysPastDue, lastLevel, level) => {
  expect(decideReminder({ daysPastDue, lastLevel })).toBe(level);
});

test('what was missed for weeks is reminded of once, at its level', () => {
  expect(decideReminder({ daysPastDue: 25, lastLevel: 0 })).toBe(3);
});
