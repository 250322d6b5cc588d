import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import type { DeadLetterState } from './dead-letter.ts';
import { fits, type Selection } from './selection.ts';

const withStakes = { stakes: { orderBy: { tenantId: 'asc' } } } as const satisfies Prisma.DeadLetterInclude;

export type DeadLetterRow = Prisma.DeadLetterGetPayload<{ include: typeof withStakes }>;

/** Where a page of the list ended. */
export type ListPosition = { createdAt: Date; id: string };

/** Letters that fit, newest first; of every state where none is given. */
export async function listDeadLetters(
  db: Db,
  selection: Selection & { state?: DeadLetterState | undefined },
  { limit, after }: { limit: number; after?: ListPosition | undefined },
): Promise<DeadLetterRow[]> {
  const { state } = selection;
  const found = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM dead_letters d
    WHERE ${fits(selection)} ${state === undefined ? Prisma.empty : Prisma.sql`AND d.state = ${state}`}
      ${after ? Prisma.sql`AND (d.created_at, d.id) < (${after.createdAt}, ${after.id}::uuid)` : Prisma.empty}
    ORDER BY d.created_at DESC, d.id DESC LIMIT ${limit}`;
  return db.deadLetter.findMany({
    where: { id: { in: found.map(({ id }) => id) } },
    include: withStakes,
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
}
