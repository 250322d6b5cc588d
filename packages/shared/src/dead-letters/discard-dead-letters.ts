import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import type { TransactionDeps } from '../runtime/transaction.ts';
import type { Clock } from '../time/clock.ts';
import type { DeadLetterMirror } from './mirror.ts';
import { lockOpenLetters, type Step } from './read-candidates.ts';
import { type OperationReport, sumUp } from './report.ts';
import { resolveLetters } from './resolve.ts';
import { fits, type Selection } from './selection.ts';
import { walk } from './walk.ts';

export type DiscardRequest = { selection: Selection; actor: string; reason: string };

export type DiscardDeps = Pick<TransactionDeps, 'prisma'> & { clock: Clock; mirror: DeadLetterMirror };

/** Gives the open letters that are selected up for good: nothing of them is done again. */
export async function discardDeadLetters(
  { prisma, clock, mirror }: DiscardDeps,
  request: DiscardRequest,
): Promise<OperationReport> {
  const startedAt = clock.now();
  const operation = { id: newId(), action: 'discarded' as const, ...request };
  const { results, hasMore } = await walk(async (step) => {
    const letters = await prisma.$transaction(async (db) => {
      const ids = await lockOpenLetters(db, request.selection, step);
      await resolveLetters(db, operation, ids, clock.now());
      return load(db, ids);
    });
    await mirror.remove(letters);
    return letters;
  });
  return sumUp(results.map(toOutcome), { dryRun: false, operationId: operation.id, hasMore, startedAt });
}

/** What a discard of the same letters would do now; changes nothing. */
export async function dryRunDiscard(
  { prisma, clock }: { prisma: Db; clock: Clock },
  selection: Selection,
): Promise<OperationReport> {
  const { results, hasMore } = await walk(async (step) =>
    load(prisma, await readOpen(prisma, selection, step)),
  );
  const startedAt = clock.now();
  return sumUp(results.map(toOutcome), { dryRun: true, operationId: null, hasMore, startedAt });
}

async function readOpen(db: Db, selection: Selection, { after, limit }: Step): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT d.id FROM dead_letters d
    WHERE d.state = 'open' AND (${after}::uuid IS NULL OR d.id > ${after}::uuid) AND ${fits(selection)}
    ORDER BY d.id LIMIT ${limit}`;
  return rows.map(({ id }) => id);
}

function load(db: Db, ids: readonly string[]) {
  return db.deadLetter.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, queue: true, stakes: true },
    orderBy: { id: 'asc' },
  });
}

function toOutcome({ stakes }: Awaited<ReturnType<typeof load>>[number]) {
  return { kind: 'done' as const, stakes };
}
