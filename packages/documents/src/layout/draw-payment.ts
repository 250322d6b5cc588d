import { create } from 'qrcode';
import type { DocumentWords } from '../word-document.ts';
import { type Canvas, colours, LEFT, RIGHT, WIDTH } from './canvas.ts';

const QR_SIDE = 100;
const QUIET_MODULES = 4;
const PADDING = 10;

/** Where to pay, with the code that banking applications read. Kept together on one page. */
export function drawPayment(canvas: Canvas, payment: DocumentWords['payment']): void {
  if (payment === null) return;
  const { heading, entries, qr } = payment;
  const listHeight = 20 + entries.length * 16;
  const height = Math.max(listHeight, qr === null ? 0 : QR_SIDE + 14) + 2 * PADDING;
  canvas.makeRoom(height);
  const top = canvas.y;
  canvas.doc.roundedRect(LEFT, top, WIDTH, height, 4).lineWidth(0.8).strokeColor(colours.line).stroke();
  const x = LEFT + PADDING;
  canvas.write(heading, x, top + PADDING, 330, { size: 10, weight: 'semibold' });
  entries.forEach(({ label, value }, index) => {
    const y = top + PADDING + 20 + index * 16;
    canvas.write(label, x, y, 160, { size: 8.5, colour: colours.quiet });
    canvas.write(value, x + 165, y - 0.5, 200, { size: 9.5, weight: 'semibold' });
  });
  if (qr !== null) {
    const left = RIGHT - PADDING - QR_SIDE;
    drawQr(canvas, qr.text, left, top + PADDING);
    canvas.write(qr.label, left, top + PADDING + QR_SIDE + 1, QR_SIDE, {
      size: 8,
      weight: 'semibold',
      align: 'center',
    });
  }
  canvas.y = top + height + 12;
}

/** Dark modules as one path, with the quiet zone that readers need (ISO/IEC 18004). */
function drawQr({ doc }: Canvas, text: string, left: number, top: number): void {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const module = QR_SIDE / (size + 2 * QUIET_MODULES);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!data[row * size + column]) continue;
      const from = column;
      while (column + 1 < size && data[row * size + column + 1]) column += 1;
      doc.rect(
        left + (from + QUIET_MODULES) * module,
        top + (row + QUIET_MODULES) * module,
        (column - from + 1) * module,
        module,
      );
    }
  }
  doc.fill('#000000');
}
