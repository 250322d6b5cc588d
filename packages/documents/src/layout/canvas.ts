import PDFDocument from 'pdfkit';
import { fontOf, type Weight, weights } from './fonts.ts';

/** PDF points. A4 with the same margin on both sides. */
export const LEFT = 48;
export const WIDTH = 499;
export const RIGHT = LEFT + WIDTH;
const TOP = 48;
/** The footer begins here; nothing else reaches it. */
export const BOTTOM = 780;

export const colours = {
  ink: '#1c1917',
  quiet: '#6b6660',
  line: '#d9d5d0',
  shade: '#f4f2ef',
  accent: '#1f4e79',
};

export type TextStyle = {
  size?: number;
  weight?: Weight;
  colour?: string;
  align?: 'left' | 'right' | 'center';
};

/** A page that grows downwards: what does not fit any more goes on the next one. */
export type Canvas = ReturnType<typeof createCanvas>;

export function createCanvas(info: { title: string; author: string; language: string; createdAt: Date }) {
  const { title, author, language, createdAt } = info;
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    lang: language,
    displayTitle: true,
    // The same document is the same bytes, whenever it is made: the file's id is made from these too.
    info: { Title: title, Author: author, Creator: 'Tollgate', CreationDate: createdAt, ModDate: createdAt },
  });
  for (const weight of weights) doc.registerFont(weight, fontOf(weight));

  function style({ size = 9, weight = 'regular', colour = colours.ink }: TextStyle) {
    doc.font(weight).fontSize(size).fillColor(colour);
  }

  const canvas = {
    doc,
    /** Where the next thing is drawn. */
    y: TOP,
    height(text: string, width: number, textStyle: TextStyle = {}): number {
      style(textStyle);
      return text === '' ? 0 : doc.heightOfString(text, { width });
    },
    /** Writes at a place; leaves `y` as it is. Returns the height of what was written. */
    write(text: string, x: number, y: number, width: number, textStyle: TextStyle = {}): number {
      const height = canvas.height(text, width, textStyle);
      if (text !== '') doc.text(text, x, y, { width, align: textStyle.align ?? 'left' });
      return height;
    },
    rule(y: number, { colour = colours.line, thickness = 0.6 } = {}) {
      doc.moveTo(LEFT, y).lineTo(RIGHT, y).lineWidth(thickness).strokeColor(colour).stroke();
    },
    shade(y: number, height: number, { x = LEFT, width = WIDTH, colour = colours.shade } = {}) {
      doc.rect(x, y, width, height).fill(colour);
    },
    /** Begins a new page where `height` no longer fits; returns whether it did. */
    makeRoom(height: number): boolean {
      if (canvas.y + height <= BOTTOM) return false;
      doc.addPage();
      canvas.y = TOP;
      return true;
    },
    async finish(): Promise<Buffer> {
      const chunks: Buffer[] = [];
      doc.on('data', (chunk: Buffer) => chunks.push(chunk));
      const ended = new Promise<void>((done, failed) => {
        doc.once('end', done);
        doc.once('error', failed);
      });
      doc.end();
      await ended;
      return Buffer.concat(chunks);
    },
  };
  return canvas;
}
