import { z } from 'zod';

/** What every paged answer says of what follows. */
export const pageEnd = {
  hasMore: z.boolean(),
  nextCursor: z
    .string()
    .nullable()
    .meta({ description: 'Send it as `cursor` for the next page; null at the end.' }),
};

/**
 * Cuts rows that were read one over the limit: the page, and the row after which the next one
 * continues, null where nothing follows.
 */
export function cutPage<Row>(
  rows: readonly Row[],
  limit: number,
): { page: Row[]; continueAfter: Row | null } {
  const page = rows.slice(0, limit);
  return { page, continueAfter: rows.length > limit ? (page.at(-1) ?? null) : null };
}
