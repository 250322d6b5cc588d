import { deadLetterStates } from '@tollgate/shared/dead-letters/dead-letter.ts';
import { listDeadLetters } from '@tollgate/shared/dead-letters/list-dead-letters.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { DeadLetterView, viewDeadLetter } from './dead-letter-view.ts';
import { filterFields } from './selection-request.ts';

const cursor = defineCursor(
  'dead-letters',
  z.object({ createdAt: z.iso.datetime().regex(/^2/), id: z.uuid() }),
);

/** `all` is every state; the open ones wait for a decision. */
export const stateParameter = z.enum([...deadLetterStates, 'all']).default('open');

export const DeadLettersQuery = z.strictObject({
  ...filterFields,
  state: stateParameter,
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

export const DeadLettersView = z
  .object({ deadLetters: z.array(DeadLetterView), ...pageEnd })
  .meta({ id: 'DeadLetters' });

/** The letters that fit the query, newest first. */
export async function listPage(
  db: Db,
  { limit, cursor: after, state, ...filter }: z.infer<typeof DeadLettersQuery>,
): Promise<z.infer<typeof DeadLettersView>> {
  const rows = await listDeadLetters(
    db,
    { ...filter, state: state === 'all' ? undefined : state },
    { limit: limit + 1, after: after && { createdAt: new Date(after.createdAt), id: after.id } },
  );
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    deadLetters: page.map(viewDeadLetter),
    hasMore: continueAfter !== null,
    nextCursor:
      continueAfter &&
      cursor.after({ createdAt: continueAfter.createdAt.toISOString(), id: continueAfter.id }),
  };
}
