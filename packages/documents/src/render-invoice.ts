import type { DocumentData } from './document-data.ts';
import { createCanvas } from './layout/canvas.ts';
import { drawFooters } from './layout/draw-footers.ts';
import { drawHead } from './layout/draw-head.ts';
import { drawPayment } from './layout/draw-payment.ts';
import { drawSums } from './layout/draw-sums.ts';
import { drawTable } from './layout/draw-table.ts';
import { wordDocument } from './word-document.ts';

/** The PDF of an invoice, statement, credit note or reminder. The same data give the same bytes. */
export function renderInvoice(data: DocumentData): Promise<Buffer> {
  const words = wordDocument(data);
  const canvas = createCanvas({
    title: `${words.title} ${words.number.value}`,
    author: data.issuer.name,
    language: words.language,
    createdAt: words.createdAt,
  });
  drawHead(canvas, words);
  drawTable(canvas, words);
  drawSums(canvas, words);
  drawPayment(canvas, words.payment);
  drawFooters(canvas, words);
  return canvas.finish();
}
