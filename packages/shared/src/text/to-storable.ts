/** A text cut to `lengthMax` UTF-16 units that PostgreSQL can store: U+FFFD for U+0000 and for half of a surrogate pair. */
export function toStorable(text: string, lengthMax: number): string {
  return text.slice(0, lengthMax).toWellFormed().replaceAll('\0', '\ufffd');
}
