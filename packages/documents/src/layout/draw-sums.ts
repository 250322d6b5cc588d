import type { DocumentWords, Labelled } from '../word-document.ts';
import { type Canvas, colours, LEFT, RIGHT, WIDTH } from './canvas.ts';

const SUMS_WIDTH = 230;
const ROW = 16;
const TOTAL_HEIGHT = 30;
const VAT_ROW = 13;
const VAT_COLUMNS = [46, 72, 64, 72];

/** What it comes to: the tax on the left, sums and the total on the right, then notes. Kept on one page. */
export function drawSums(canvas: Canvas, words: DocumentWords): void {
  const { sums, total, vatTable, notes } = words;
  const vatRows = vatTable?.rows.length ?? 0;
  canvas.makeRoom(Math.max(sums.length * ROW, vatRows * 20) + TOTAL_HEIGHT + notes.length * 16 + 30);
  if (vatTable) drawVatTable(canvas, vatTable);
  for (const sum of sums) drawSum(canvas, sum);
  drawTotal(canvas, total);
  for (const note of notes) {
    canvas.y += canvas.write(note, LEFT, canvas.y, WIDTH, { size: 9, colour: colours.quiet }) + 4;
  }
  canvas.y += 10;
}

function drawSum(canvas: Canvas, { label, value }: Labelled): void {
  const x = RIGHT - SUMS_WIDTH;
  canvas.write(label, x + 10, canvas.y, 120, { colour: colours.quiet });
  canvas.write(value, x + 110, canvas.y, SUMS_WIDTH - 120, { align: 'right' });
  canvas.y += ROW;
}

function drawTotal(canvas: Canvas, { label, value }: Labelled): void {
  const x = RIGHT - SUMS_WIDTH;
  canvas.y += 2;
  canvas.shade(canvas.y, TOTAL_HEIGHT, { x, width: SUMS_WIDTH, colour: colours.accent });
  const white = '#ffffff';
  const inner = SUMS_WIDTH - 20;
  canvas.write(label, x + 10, canvas.y + 8.5, inner, { size: 10, weight: 'semibold', colour: white });
  canvas.write(value, x + 10, canvas.y + 6, inner, {
    size: 13,
    weight: 'bold',
    colour: white,
    align: 'right',
  });
  canvas.y += TOTAL_HEIGHT + 14;
}

/** Beside the sums; leaves `y` where they begin. */
function drawVatTable(canvas: Canvas, { head, rows }: NonNullable<DocumentWords['vatTable']>): void {
  const { doc, y: top } = canvas;
  const gap = 4;
  let x = LEFT;
  for (const [index, width] of VAT_COLUMNS.entries()) {
    const align = index === 0 ? 'left' : 'right';
    const inner = width - gap;
    canvas.write(head[index] ?? '', x, top, inner, {
      size: 7.5,
      weight: 'semibold',
      colour: colours.quiet,
      align,
    });
    for (const [line, row] of rows.entries())
      canvas.write(row[index] ?? '', x, top + 17 + line * VAT_ROW, inner, { size: 8, align });
    x += width;
  }
  doc
    .moveTo(LEFT, top + 14)
    .lineTo(x - gap, top + 14)
    .lineWidth(0.6)
    .strokeColor(colours.line)
    .stroke();
}
