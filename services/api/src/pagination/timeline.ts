import { z } from 'zod';
import { CursorInstant, defineCursor } from './cursor.ts';
import { cutPage } from './page.ts';

const Position = z.object({ at: CursorInstant, id: z.uuid() });

/**
 * A list that is ordered by an instant and, within it, by id, newest first. `field` is the column of
 * the instant; `list` names the list in its cursors.
 */
export function defineTimeline<Field extends string>(list: string, field: Field) {
  const cursor = defineCursor(list, Position);
  return {
    /** The query parameter. */
    cursor: cursor.parameter,
    orderBy: [{ [field]: 'desc' } as Record<Field, 'desc'>, { id: 'desc' as const }],
    /** The condition for what follows a place in the list; none without one. */
    after(place: z.output<typeof Position> | undefined) {
      if (!place) return {};
      return {
        OR: [
          { [field]: { lt: place.at } } as Record<Field, { lt: string }>,
          { ...({ [field]: place.at } as Record<Field, string>), id: { lt: place.id } },
        ],
      };
    },
    /** Cuts rows that were read one over the limit: the page, and what its answer says of the rest. */
    cut<Row extends { id: string } & Record<Field, Date>>(rows: readonly Row[], limit: number) {
      const { page, continueAfter } = cutPage(rows, limit);
      const nextCursor =
        continueAfter && cursor.after({ at: continueAfter[field].toISOString(), id: continueAfter.id });
      return { page, end: { hasMore: continueAfter !== null, nextCursor } };
    },
  };
}
