// No Czech standard is known: the words that carriers and large gateways agree on, and two Czech ones.
// Short ambiguous words such as "ne" are left out, because they answer questions.
const stopWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'ODHLASIT', 'KONEC']);

/** Whether a reply asks for no more messages: one of the words alone, whatever its case, accents and final punctuation. */
export function isStopWord(body: string): boolean {
  const bare = body
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .trim()
    .replace(/[.!?,;:]+$/, '')
    .toUpperCase();
  return stopWords.has(bare);
}
