/** A row of CSV as RFC 4180 wants it, with its line end. */
export function csvRow(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * One cell. Text that a spreadsheet would run as a formula gets an apostrophe before it (OWASP, CSV
 * injection); plain numbers, phone numbers among them, are harmless and stay as they are.
 */
export function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const harmless = FORMULA_START.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

// Full-width forms are folded to these by spreadsheets of some languages; blanks before them are skipped.
const FORMULA_START = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
