import { expect, test } from 'vitest';
import { decideDispute } from './decide-dispute.ts';

test.each([
  ['needs_response', 'taken'],
  ['under_review', 'taken'],
  ['lost', 'taken'],
  ['won', 'returned'],
  ['warning_needs_response', 'untouched'],
  ['warning_closed', 'untouched'],
  ['prevented', 'untouched'],
  ['something new', 'taken'],
])('a dispute that is %s has the money %s', (status, decision) => {
  expect(decideDispute(status)).toBe(decision);
});
