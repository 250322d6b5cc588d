import type { DocumentWords, WordedRow } from '../word-document.ts';
import { type Canvas, colours, LEFT, type TextStyle } from './canvas.ts';

type Column = { key: 'description' | 'quantity' | 'unitPrice' | 'amount'; x: number; width: number };

const columns: readonly Column[] = [
  { key: 'description', x: LEFT, width: 234 },
  { key: 'quantity', x: LEFT + 242, width: 70 },
  { key: 'unitPrice', x: LEFT + 316, width: 84 },
  { key: 'amount', x: LEFT + 404, width: 95 },
];
const SECTION_INDENT = 12;
const PADDING = 3.2;

/** The lines, over as many pages as they need, each beginning with the head of the table. */
export function drawTable(canvas: Canvas, { columns: names, rows, continued }: DocumentWords): void {
  if (rows.length === 0) return;
  drawTableHead(canvas, names);
  let section = '';
  for (const row of rows) {
    if (row.kind === 'section') section = row.description;
    const height = rowHeight(canvas, row);
    // The name of a section never stands alone at the end of a page.
    if (canvas.makeRoom(row.kind === 'section' ? height * 3 : height)) {
      drawTableHead(canvas, names);
      if (row.kind === 'sectionLine') drawContinued(canvas, `${section} (${continued})`);
    }
    drawRow(canvas, row, height);
  }
  canvas.y += 8;
}

function drawTableHead(canvas: Canvas, names: DocumentWords['columns']): void {
  const head: TextStyle = { size: 8, weight: 'semibold', colour: colours.quiet };
  const height = Math.max(...columns.map(({ key, width }) => canvas.height(names[key], width, head)));
  for (const { key, x, width } of columns) {
    canvas.write(names[key], x, canvas.y, width, { ...head, align: alignOf(key) });
  }
  canvas.y += height + 4;
  canvas.rule(canvas.y, { colour: colours.ink, thickness: 0.8 });
  canvas.y += 1;
}

function drawContinued(canvas: Canvas, text: string): void {
  canvas.y += canvas.write(text, LEFT, canvas.y + PADDING, 400, { colour: colours.quiet }) + 2 * PADDING;
}

function rowHeight(canvas: Canvas, row: WordedRow): number {
  const heights = columns.map(({ key, width }) =>
    canvas.height(row[key], width - indentOf(row, key), styleOf(row)),
  );
  return Math.max(...heights) + 2 * PADDING;
}

function drawRow(canvas: Canvas, row: WordedRow, height: number): void {
  if (row.kind === 'section') canvas.shade(canvas.y, height);
  for (const { key, x, width } of columns) {
    const indent = indentOf(row, key);
    canvas.write(row[key], x + indent, canvas.y + PADDING, width - indent, {
      ...styleOf(row),
      align: alignOf(key),
    });
  }
  canvas.y += height;
  canvas.rule(canvas.y, { thickness: 0.4 });
}

function styleOf({ kind }: WordedRow): TextStyle {
  switch (kind) {
    case 'section':
      return { size: 9, weight: 'semibold' };
    case 'sectionLine':
      return { size: 8.5, colour: colours.quiet };
    case 'line':
      return { size: 9 };
  }
}

function indentOf({ kind }: WordedRow, key: Column['key']): number {
  return kind === 'sectionLine' && key === 'description' ? SECTION_INDENT : 0;
}

function alignOf(key: Column['key']): 'left' | 'right' {
  return key === 'description' ? 'left' : 'right';
}
