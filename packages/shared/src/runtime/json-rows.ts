/**
 * Rows as one JSON parameter for `jsonb_to_recordset`: a set-based statement stays one statement
 * with one parameter, whatever the batch's size. bigint becomes a decimal string, bytes PostgreSQL's
 * hex form, dates ISO 8601.
 */
export function jsonRows(rows: readonly object[]): string {
  return JSON.stringify(rows, function (this: Record<string, unknown>, name, value: unknown) {
    if (typeof value === 'bigint') return value.toString();
    // Asked of the row itself, because a Buffer has turned into numbers by now.
    const original = this[name];
    if (original instanceof Uint8Array) return `\\x${Buffer.from(original).toString('hex')}`;
    return value;
  });
}
