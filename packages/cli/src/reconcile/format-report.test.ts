import type { CheckResult } from '@tollgate/shared/reconciliation/reconcile.ts';
import { expect, test } from 'vitest';
import { formatReport } from './format-report.ts';

const right: CheckResult = { name: 'right', statement: 'This is so.', discrepancies: [], durationMs: 3 };
const row = { subject: 'm1', tenantId: 't1', detail: 'expected 1, found 2' };
const wrong: CheckResult = {
  name: 'wrong-one',
  statement: 'That is so.',
  discrepancies: [row],
  durationMs: 4,
};

test('a report without discrepancies is a line per check', () => {
  expect(formatReport({ checks: [right], discrepancyCount: 0 })).toBe(
    '✓ right     0  3 ms\n\nThe books are right: 1 checks, no discrepancy.\n',
  );
});

test('a check that failed says what is always true, and which rows are not so', () => {
  expect(formatReport({ checks: [right, wrong], discrepancyCount: 1 })).toBe(
    [
      '✓ right         0  3 ms',
      '✗ wrong-one     1  4 ms',
      '    That is so.',
      '    m1 of tenant t1',
      '      expected 1, found 2',
      '',
      'The books are wrong: 2 checks, 1 discrepancy.',
      '',
    ].join('\n'),
  );
});

test('where the list is cut, the count says so', () => {
  const many = { ...wrong, discrepancies: Array.from({ length: 100 }, () => row) };
  const text = formatReport({ checks: [many], discrepancyCount: 100 });
  expect(text).toContain('✗ wrong-one  100+  4 ms');
  expect(text).toContain('1 checks, at least 100 discrepancies.');
});
