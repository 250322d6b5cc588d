import { expect, test } from 'vitest';
import { verdictTable } from './verdict-table.ts';

const faults = new Map([
  ['service is killed', 12],
  ['Redis crashes', 3],
]);

test('what was injected, what came of it and that all is well, in columns', () => {
  const verdict = { counts: [['messages accepted', 1_200]] as [string, number][], violations: [] };
  expect(verdictTable({ faults, crashCount: 0, verdict })).toEqual([
    'Injected',
    '  Redis crashes                           3',
    '  service is killed                      12',
    '  services that ended by themselves       0',
    'What came of it',
    '  messages accepted                    1200',
    '✓ nothing lost, nothing doubled, every charge once, the books agree',
  ]);
});

test('what is wrong is listed, and counted where the list would not end', () => {
  const violations = Array.from({ length: 60 }, (_, index) => `Message-${index}: accepted and lost`);
  const lines = verdictTable({ faults, crashCount: 1, verdict: { counts: [], violations } });
  expect(lines).toContain('✗ 60 things are wrong');
  expect(lines).toContain('  Message-49: accepted and lost');
  expect(lines).not.toContain('  Message-50: accepted and lost');
  expect(lines.at(-1)).toBe('  and 10 more');
});
