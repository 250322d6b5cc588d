import { expect, test } from 'vitest';
import { judgeBooks } from './judge-books.ts';

const clean = { name: 'entries-form-a-chain', statement: 'They do.', discrepancies: [], durationMs: 1 };

test('books without a discrepancy are proven', () => {
  expect(judgeBooks({ checks: [clean, clean], discrepancyCount: 0 })).toEqual({
    kind: 'done',
    said: '2 checks, no discrepancy',
  });
});

test('discrepancies are counted, and the first five named', () => {
  const discrepancies = Array.from({ length: 6 }, (_, index) => ({
    subject: `row ${index}`,
    tenantId: 'tenant',
    detail: 'expected 1, found 2',
  }));
  const judgement = judgeBooks({ checks: [clean, { ...clean, discrepancies }], discrepancyCount: 6 });
  expect(judgement).toMatchObject({ kind: 'wrong' });
  const { reason } = judgement as { reason: string };
  expect(reason).toContain('2 checks, 6 discrepancies: entries-form-a-chain (row 0: expected 1, found 2); ');
  expect(reason).toMatch(/row 4: expected 1, found 2\) …$/);
});
