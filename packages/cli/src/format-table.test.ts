import { expect, test } from 'vitest';
import { formatTable } from './format-table.ts';

test('columns are as wide as their widest cell, and lines end without spaces', () => {
  const rows = [
    ['ID', 'NAME'],
    ['tnt_1', 'Hotel Modrá hvězda'],
    ['tnt_22', ''],
  ];
  expect(formatTable(rows)).toBe('ID      NAME\ntnt_1   Hotel Modrá hvězda\ntnt_22\n');
});
