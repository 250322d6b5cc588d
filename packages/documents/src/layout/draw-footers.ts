import type { DocumentWords } from '../word-document.ts';
import { BOTTOM, type Canvas, colours, LEFT, RIGHT, WIDTH } from './canvas.ts';

const RIGHT_WIDTH = 160;

/** On every page: whose document it is, which one, and which page of how many. */
export function drawFooters(canvas: Canvas, words: DocumentWords): void {
  const { doc } = canvas;
  const { start, count } = doc.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    doc.switchToPage(start + index);
    canvas.rule(BOTTOM + 12);
    const style = { size: 7.5, colour: colours.quiet };
    const right = { ...style, align: 'right' } as const;
    words.footer.slice(0, 2).forEach((text, row) => {
      canvas.write(text, LEFT, BOTTOM + 17 + row * 11, WIDTH - RIGHT_WIDTH - 10, style);
    });
    canvas.write(words.number.value, RIGHT - RIGHT_WIDTH, BOTTOM + 17, RIGHT_WIDTH, right);
    canvas.write(words.page(index + 1, count), RIGHT - RIGHT_WIDTH, BOTTOM + 28, RIGHT_WIDTH, right);
  }
}
