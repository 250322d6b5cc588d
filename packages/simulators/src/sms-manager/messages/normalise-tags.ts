/**
 * Returns the tags of a message in the form they are stored and matched: lower case, only `a-z 0-9 - . _`, without
 * repeats, sorted, joined by commas. Nothing left gives the default, `promotional`.
 */
export function normaliseTags(raw: string | undefined): string {
  const tags = (raw ?? '').split(',').map((tag) => tag.toLowerCase().replace(/[^a-z0-9._-]/g, ''));
  const kept = [...new Set(tags.filter((tag) => tag !== ''))].sort();
  return kept.length > 0 ? kept.join(',') : 'promotional';
}

/** Tells whether normalised tags leave a message in the default queue, which obeys the opt-out list. */
export function isPromotional(tags: string): boolean {
  const list = tags.split(',');
  return !list.includes('transactional') && !list.includes('priority');
}
