import { newId } from '../ids/ids.ts';
import { enqueueSends } from '../messages/enqueue-sends.ts';
import { replayMessages } from '../messages/replay-messages.ts';
import type { Db } from '../runtime/database.ts';
import { inTransaction, type Transaction, type TransactionDeps } from '../runtime/transaction.ts';
import type { DataKeys } from '../tenants/data-keys.ts';
import type { Clock } from '../time/clock.ts';
import type { DeadLetterMirror } from './mirror.ts';
import { findQueue, type Pace, type PlannedLetter, planReplay } from './plan-replay.ts';
import { lockCandidates, readCandidates } from './read-candidates.ts';
import type { Operation } from './record-actions.ts';
import { type OperationReport, type Outcome, sumUp } from './report.ts';
import { resolveLetters } from './resolve.ts';
import { reviveRows } from './revive-rows.ts';
import type { Selection } from './selection.ts';
import { walk } from './walk.ts';

export const RATE_DEFAULT = 10;
export const RATE_MAX = 100;

export type ReplayRequest = {
  selection: Selection;
  /** Letters a second, at most RATE_MAX. */
  rate: number;
  actor: string;
  reason?: string | undefined;
};

export type DryRunDeps = {
  prisma: Db;
  clock: Clock;
  /** Null where MASTER_KEY is not known: then no message can be repeated. */
  dataKeys: DataKeys | null;
};

export type ReplayDeps = TransactionDeps & DryRunDeps & { mirror: DeadLetterMirror };

/**
 * Replays the open letters that are selected, at the rate: a job by adding it again, a message as a
 * new one until the end of the first one's validity. Each batch is a transaction of its own; a crash
 * leaves the rest open. Two replays at once replay each letter once.
 */
export async function replayDeadLetters(deps: ReplayDeps, request: ReplayRequest): Promise<OperationReport> {
  const startedAt = deps.clock.now();
  const { selection, actor, reason } = request;
  const operation = { id: newId(), actor, reason, selection };
  const { results, hasMore } = await walk<PlannedLetter & { id: string }>(async (step, before) => {
    const pace = paceOf(request, startedAt, deps.clock.now(), before);
    const planned = await inTransaction(deps, async (tx) => {
      const letters = await lockCandidates(tx.db, selection, step);
      return carryOut(tx, planReplay(letters, deps.dataKeys, pace), operation, pace.now);
    });
    await deps.mirror.remove(planned.filter(isResolved).map(({ letter }) => letter));
    return planned.map(withId);
  });
  return sumUp(results.map(toOutcome), { dryRun: false, operationId: operation.id, hasMore, startedAt });
}

/** What a replay of the same letters would do now; changes nothing. */
export async function dryRunReplay(
  { prisma, clock, dataKeys }: DryRunDeps,
  request: Pick<ReplayRequest, 'selection' | 'rate'>,
): Promise<OperationReport> {
  const startedAt = clock.now();
  const { results, hasMore } = await walk<PlannedLetter & { id: string }>(async (step, before) => {
    const letters = await readCandidates(prisma, request.selection, step);
    return planReplay(letters, dataKeys, paceOf(request, startedAt, startedAt, before)).map(withId);
  });
  return sumUp(results.map(toOutcome), { dryRun: true, operationId: null, hasMore, startedAt });
}

async function carryOut(
  tx: Transaction,
  planned: PlannedLetter[],
  operation: Omit<Operation, 'action'>,
  now: Date,
): Promise<PlannedLetter[]> {
  const replayed = planned.filter(({ decision }) => decision.kind === 'replay');
  const expired = planned.filter(({ decision }) => decision.kind === 'expired');
  const replays = replayed.flatMap(({ replay }) => replay ?? []);
  const stored = await replayMessages(tx.db, replays, now);
  if (stored.length < replays.length) {
    // The letters are locked, so somebody wrote messages around them; nothing of this batch is kept.
    throw new Error(`${replays.length - stored.length} messages were replayed already or are not failed`);
  }
  for (const letter of replayed) await wake(tx, letter, now);
  await resolveLetters(tx.db, { ...operation, action: 'replayed' }, idsOf(replayed), now);
  await resolveLetters(tx.db, { ...operation, action: 'expired' }, idsOf(expired), now);
  return planned;
}

async function wake(tx: Transaction, { letter, replay, dueAt }: PlannedLetter, now: Date): Promise<void> {
  const delayMs = dueAt.getTime() - now.getTime();
  const options = delayMs > 0 ? { delayMs } : {};
  const { queue, payload, message } = letter;
  if (replay !== null && message !== null && message !== 'gone') {
    enqueueSends(tx, [{ ...message, id: replay.id }], options);
    return;
  }
  const definition = findQueue(queue);
  if (definition === undefined) return;
  await reviveRows(tx.db, payload, dueAt);
  tx.enqueue(definition, payload, options);
}

function paceOf(
  { rate }: Pick<ReplayRequest, 'rate'>,
  startedAt: Date,
  now: Date,
  before: readonly PlannedLetter[],
): Pace {
  const position = before.filter(({ decision }) => decision.kind === 'replay').length;
  return { startedAt, now, rate, position };
}

function toOutcome({ letter, decision, dueAt }: PlannedLetter): Outcome {
  const { stakes } = letter;
  switch (decision.kind) {
    case 'replay':
      return { kind: 'done', stakes, dueAt };
    case 'expired':
      return { kind: 'expired', stakes };
    case 'refused':
      return { kind: { refused: decision.reason }, stakes };
  }
}

function isResolved({ decision }: PlannedLetter): boolean {
  return decision.kind !== 'refused';
}

function withId(planned: PlannedLetter): PlannedLetter & { id: string } {
  return { ...planned, id: planned.letter.id };
}

function idsOf(planned: readonly PlannedLetter[]): string[] {
  return planned.map(({ letter }) => letter.id);
}
