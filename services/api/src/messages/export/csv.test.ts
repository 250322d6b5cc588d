import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, csvRow } from './csv.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+420777123456', '+420777123456'],
  ['-1.50', '-1.50'],
  ['+1-555', "'+1-555"],
  ['-2+3+cmd|calc', "'-2+3+cmd|calc"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =HYPERLINK("x")', '"\' =HYPERLINK(""x"")"'],
  ['\t=1', "'\t=1"],
  ['＝1', "'＝1"],
  ['\n=1', '"\'\n=1"'],
  ['Hello, "you"', '"Hello, ""you"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  [null, ''],
  [0, '0'],
])('%j becomes %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('whatever stands in the cells, a reader finds as many cells, one row, and no formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 }), (cells) => {
      const read = readRow(csvRow(cells));
      expect(read).toHaveLength(cells.length);
      for (const [index, cell] of read.entries()) {
        expect([cells[index], `'${cells[index]}`]).toContain(cell);
        expect(/^\s*[=@]/.test(cell)).toBe(false);
      }
    }),
    { numRuns: 300 },
  );
});

/** RFC 4180, as a spreadsheet reads it. */
function readRow(row: string): string[] {
  const cells: string[] = [];
  let rest = row;
  for (;;) {
    const [whole = '', quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/.exec(rest) ?? [];
    cells.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    rest = rest.slice(whole.length);
    if (rest === '\r\n') return cells;
    expect(rest[0]).toBe(',');
    rest = rest.slice(1);
  }
}
