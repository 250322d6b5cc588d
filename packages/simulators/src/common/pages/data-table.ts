import { type Html, html } from './html.ts';

/** A column: its heading, how its cells are set, and what stands in them. */
export interface Column<Row> {
  heading: string;
  kind?: 'plain' | 'text' | 'number';
  cell: (row: Row) => string | number | Html;
}

/** Returns a table that turns into labelled blocks on narrow screens, or a line saying that there is nothing yet. */
export function dataTable<Row>(rows: Row[], columns: Column<Row>[]): Html {
  if (rows.length === 0) return html`<p>None yet.</p>`;
  return html`<table>
<thead><tr>${columns.map(({ heading, kind }) => html`<th scope="col" class="${kind ?? ''}">${heading}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${columns.map((column) => cellOf(column, row))}</tr>\n`)}
</tbody>
</table>`;
}

function cellOf<Row>({ heading, kind, cell }: Column<Row>, row: Row): Html {
  return html`<td class="${kind ?? ''}" data-label="${heading}"><span>${cell(row)}</span></td>\n`;
}
