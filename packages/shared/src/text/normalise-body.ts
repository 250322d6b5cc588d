/**
 * The body as it is counted, priced, stored and sent: Unicode NFC, because a decomposed "ř" takes two
 * units instead of one, with each lone surrogate replaced by U+FFFD, as any UTF-8 encoder would do.
 */
export function normaliseBody(body: string): string {
  return body.toWellFormed().normalize('NFC');
}
