import { groupDeadLetters } from '@tollgate/shared/dead-letters/group-dead-letters.ts';
import { formatMicros } from '@tollgate/shared/money/money.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import { z } from 'zod';
import { defineCursor } from '../pagination/cursor.ts';
import { cutPage, pageEnd } from '../pagination/page.ts';
import { wholeNumber } from '../pagination/whole-number.ts';
import { stateParameter } from './list-query.ts';
import { AmountView } from './operation-view.ts';
import { filterFields } from './selection-request.ts';

const cursor = defineCursor(
  'dead-letter-groups',
  z.object({ lastSeen: z.iso.datetime().regex(/^2/), fingerprint: z.string() }),
);

export const GroupsQuery = z.strictObject({
  ...filterFields,
  state: stateParameter,
  limit: wholeNumber({ min: 1, max: 100 }).default(20),
  cursor: cursor.parameter.optional(),
});

export const GroupsView = z
  .object({
    groups: z.array(
      z.object({
        fingerprint: z.string(),
        failureClasses: z.array(z.string()),
        queues: z.array(z.string()),
        failureDetail: z.string().meta({ description: 'Of the latest letter, as an example.' }),
        count: z.number().int(),
        firstSeen: z.iso.datetime(),
        lastSeen: z.iso.datetime(),
        replayable: z.number().int().meta({
          description: 'How many may still be replayed; a dry run reads their payloads as well.',
        }),
        tenants: z.number().int(),
        atStake: z.array(AmountView),
      }),
    ),
    ...pageEnd,
  })
  .meta({ id: 'DeadLetterGroups' });

/** The letters that fit the query by their cause, the latest first. */
export async function listGroups(
  db: Db,
  { limit, cursor: after, state, ...filter }: z.infer<typeof GroupsQuery>,
  now: Date,
): Promise<z.infer<typeof GroupsView>> {
  const rows = await groupDeadLetters(
    db,
    { ...filter, state: state === 'all' ? undefined : state },
    {
      limit: limit + 1,
      after: after && { lastSeen: new Date(after.lastSeen), fingerprint: after.fingerprint },
      now,
    },
  );
  const { page, continueAfter } = cutPage(rows, limit);
  return {
    groups: page.map(({ firstSeen, lastSeen, atStake, ...group }) => ({
      ...group,
      firstSeen: firstSeen.toISOString(),
      lastSeen: lastSeen.toISOString(),
      atStake: atStake.map(({ currency, micros }) => ({ amount: formatMicros(micros), currency })),
    })),
    hasMore: continueAfter !== null,
    nextCursor:
      continueAfter &&
      cursor.after({
        lastSeen: continueAfter.lastSeen.toISOString(),
        fingerprint: continueAfter.fingerprint,
      }),
  };
}
