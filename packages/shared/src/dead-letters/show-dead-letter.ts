import type { Prisma } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import type { DataKeys } from '../tenants/data-keys.ts';
import { type RefusalReason, refusals } from './decide-replay.ts';
import { planReplay } from './plan-replay.ts';
import { readCandidates } from './read-candidates.ts';

const parts = {
  stakes: { orderBy: { tenantId: 'asc' } },
  actions: { orderBy: { id: 'asc' } },
} as const satisfies Prisma.DeadLetterInclude;

/** A letter with its audit. */
export type ShownDeadLetter = Prisma.DeadLetterGetPayload<{ include: typeof parts }> & {
  /** The message that repeats the one given up. */
  replayedAs: string | null;
  /** What a replay would do with an open one now; null for one that is resolved. */
  replay: { kind: 'replay' | 'expired' | 'refused'; reason: RefusalReason | null; detail: string } | null;
};

/** One letter, with what was done about it and what could be; null when there is none. */
export async function showDeadLetter(
  { prisma, dataKeys }: { prisma: Db; dataKeys: DataKeys | null },
  id: string,
  now: Date,
): Promise<ShownDeadLetter | null> {
  const letter = await prisma.deadLetter.findUnique({ where: { id }, include: parts });
  if (!letter) return null;
  const repeated =
    letter.messageId === null
      ? null
      : await prisma.message.findFirst({ where: { replayOf: letter.messageId }, select: { id: true } });
  const candidates = await readCandidates(prisma, { id }, { after: null, limit: 1 });
  const [planned] = planReplay(candidates, dataKeys, { startedAt: now, now, rate: 1, position: 0 });
  return { ...letter, replayedAs: repeated?.id ?? null, replay: planned ? describe(planned.decision) : null };
}

function describe(
  decision: ReturnType<typeof planReplay>[number]['decision'],
): NonNullable<ShownDeadLetter['replay']> {
  switch (decision.kind) {
    case 'replay':
      return { kind: 'replay', reason: null, detail: 'it can be replayed' };
    case 'expired':
      return { kind: 'expired', reason: null, detail: 'its validity is over; it is never sent' };
    case 'refused':
      return { kind: 'refused', reason: decision.reason, detail: refusals[decision.reason] };
  }
}
