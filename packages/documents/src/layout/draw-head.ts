import type { DocumentWords, Labelled } from '../word-document.ts';
import { type Canvas, colours, LEFT, RIGHT, WIDTH } from './canvas.ts';

const GAP = 24;
const HALF = (WIDTH - GAP) / 2;

/** Title and number, who issues and who pays, and the dates. */
export function drawHead(canvas: Canvas, words: DocumentWords): void {
  drawTitle(canvas, words);
  drawParties(canvas, words.parties);
  drawFacts(canvas, words.facts);
  if (words.intro !== null) {
    canvas.y += 6;
    canvas.y += canvas.write(words.intro, LEFT, canvas.y, WIDTH, { size: 10 }) + 14;
  }
}

const titleStyle = { size: 17, weight: 'bold' } as const;

function drawTitle(canvas: Canvas, { parties, title, number, stamp }: DocumentWords): void {
  const [issuer] = parties;
  const top = canvas.y;
  canvas.height(title, WIDTH, titleStyle);
  const titleWidth = Math.max(200, Math.min(canvas.doc.widthOfString(title) + 2, 320));
  const left = canvas.write(issuer?.name ?? '', LEFT, top + 4, WIDTH - titleWidth - GAP, {
    size: 12,
    weight: 'bold',
    colour: colours.accent,
  });
  const x = RIGHT - titleWidth;
  const titleHeight = canvas.write(title, x, top, titleWidth, { ...titleStyle, align: 'right' });
  const numberX = RIGHT - 260;
  const numberHeight = canvas.write(`${number.label} ${number.value}`, numberX, top + titleHeight + 1, 260, {
    size: number.value.length > 24 ? 9 : 11,
    colour: colours.quiet,
    align: 'right',
  });
  canvas.y = top + Math.max(left + 4, titleHeight + numberHeight) + 10;
  if (stamp !== null) {
    canvas.y +=
      canvas.write(stamp, LEFT, canvas.y, WIDTH, { size: 14, weight: 'bold', colour: '#b91c1c' }) + 4;
  }
  canvas.rule(canvas.y, { colour: colours.accent, thickness: 1.4 });
  canvas.y += 14;
}

function drawParties(canvas: Canvas, parties: DocumentWords['parties']): void {
  const top = canvas.y;
  const bottoms = parties.map(({ heading, name, lines }, index) => {
    const x = LEFT + index * (HALF + GAP);
    let y = top;
    y += canvas.write(heading, x, y, HALF, { size: 8, weight: 'semibold', colour: colours.quiet }) + 2;
    y += canvas.write(name, x, y, HALF, { size: 10.5, weight: 'semibold' }) + 1;
    for (const line of lines) y += canvas.write(line, x, y, HALF, { size: 9 });
    return y;
  });
  canvas.y = Math.max(...bottoms) + 14;
}

/** Dates stand side by side, four in a row; what is longer gets a row of its own. */
function drawFacts(canvas: Canvas, facts: readonly Labelled[]): void {
  const long = facts.filter(({ value }) => value.length > 24);
  const short = facts.filter((fact) => !long.includes(fact));
  const padding = 10;
  const cellWidth = (WIDTH - 2 * padding) / 4;
  const rows = Math.ceil(short.length / 4);
  const labelStyle = { size: 7.5, colour: colours.quiet };
  const rowHeights = Array.from({ length: rows }, (_, row) =>
    Math.max(
      ...short
        .slice(row * 4, row * 4 + 4)
        .map(
          ({ label, value }) =>
            canvas.height(label, cellWidth - 8, labelStyle) +
            canvas.height(value, cellWidth - 8, { size: 9.5, weight: 'semibold' }),
        ),
    ),
  );
  const longHeights = long.map(({ label, value }) =>
    canvas.height(`${label}: ${value}`, WIDTH - 2 * padding),
  );
  const all = [...rowHeights, ...longHeights];
  if (all.length === 0) return;
  const height = all.reduce((sum, own) => sum + own + 6, 0) + 2 * padding - 6;
  canvas.shade(canvas.y, height);
  let y = canvas.y + padding;
  rowHeights.forEach((rowHeight, row) => {
    const labelHeight = Math.max(
      ...short
        .slice(row * 4, row * 4 + 4)
        .map(({ label }) => canvas.height(label, cellWidth - 8, labelStyle)),
    );
    short.slice(row * 4, row * 4 + 4).forEach(({ label, value }, column) => {
      const x = LEFT + padding + column * cellWidth;
      canvas.write(label, x, y, cellWidth - 8, labelStyle);
      canvas.write(value, x, y + labelHeight, cellWidth - 8, { size: 9.5, weight: 'semibold' });
    });
    y += rowHeight + 6;
  });
  for (const { label, value } of long) {
    const x = LEFT + padding;
    canvas.write(`${label}: `, x, y, WIDTH - 2 * padding, labelStyle);
    const indent = canvas.doc.widthOfString(`${label}: `) + 4;
    y += canvas.write(value, x + indent, y - 1.5, WIDTH - 2 * padding - indent, { weight: 'semibold' }) + 6;
  }
  canvas.y += height + 16;
}
