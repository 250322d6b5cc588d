import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** What a reader finds on each page of a PDF, line by line, and what the file says of itself. */
export async function readPdf(
  bytes: Uint8Array,
): Promise<{ pages: string[][]; info: Record<string, unknown> }> {
  // The library takes the memory that it is given.
  const task = getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 });
  const document = await task.promise;
  const pages: string[][] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(toLines(items as TextItem[]));
  }
  const { info } = await document.getMetadata();
  await task.destroy();
  return { pages, info: info as Record<string, unknown> };
}

type TextItem = { str: string; transform: number[] };

/** What stands at one height is one line, from left to right; spaces of any width are spaces. */
function toLines(items: readonly TextItem[]): string[] {
  const rows = new Map<number, { x: number; text: string }[]>();
  for (const { str, transform } of items) {
    if (str.trim() === '') continue;
    const [x = 0, y = 0] = transform.slice(4);
    const height = Math.round(y);
    rows.set(height, [...(rows.get(height) ?? []), { x, text: str }]);
  }
  return [...rows.entries()]
    .sort(([a], [b]) => b - a)
    .map(([, cells]) =>
      cells
        .sort((a, b) => a.x - b.x)
        .map(({ text }) => text)
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim(),
    );
}
