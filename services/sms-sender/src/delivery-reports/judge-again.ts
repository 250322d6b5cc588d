import { readReportedAttempts } from '@tollgate/shared/messages/attempts.ts';
import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { NextStep } from '../next-step/next-step.ts';
import { decideByReports } from './decide-by-reports.ts';
import type { ReportSource } from './poll-schedule.ts';

/**
 * The next steps of messages that wait for an attempt which has meanwhile come to nothing, while another one
 * was accepted: what was reported of that one while they waited decides now, and nobody would report it again.
 */
export async function judgeAgain(
  db: Db,
  messages: readonly LockedMessage[],
  context: { now: Date; reportSource: ReportSource },
): Promise<NextStep[]> {
  const waiting = messages.filter(isLeftOver);
  if (waiting.length === 0) return [];
  const ids = waiting.map(({ id }) => id);
  const attempts = Map.groupBy(await readReportedAttempts(db, ids), ({ messageId }) => messageId);
  return waiting.map((message) => {
    const step = decideByReports(message, { attempts: attempts.get(message.id) ?? [], fresh: [] }, context);
    const { state } = step.move;
    const hasFailed = state === 'failed' || state === 'rejected' || state === 'undelivered';
    return hasFailed ? { ...step, move: { ...step.move, failureCode: state } } : step;
  });
}

/** In flight by its state alone: no attempt is open, and one was accepted, which forbids another. */
function isLeftOver({ state, openAttemptId, hasAcceptedAttempt }: LockedMessage): boolean {
  return (state === 'sending' || state === 'unknown') && openAttemptId === null && hasAcceptedAttempt;
}
