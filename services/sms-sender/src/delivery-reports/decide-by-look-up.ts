import type { LookUpTarget } from '@tollgate/shared/messages/look-ups.ts';
import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import { canMove, isTerminal } from '@tollgate/shared/messages/states.ts';
import { DAY_MS, MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { NextStep } from '../next-step/next-step.ts';
import type { LookUpResult } from '../providers/sms-provider.ts';
import { giveUp, type StepContext, tryAgain } from '../send-messages/decide-next-step.ts';
import { nextPollAt, REPORT_DEADLINE_MS } from './poll-schedule.ts';

export type LookUpStep = {
  step: NextStep;
  /** The attempt that the provider certainly did not take. */
  refusedAttemptId: string | null;
};

/** How long the listing may lag behind; only after it does "absent" mean "not taken". */
const GRACE_MS = { priority: 2 * MINUTE_MS, transactional: 10 * MINUTE_MS, promotional: 10 * MINUTE_MS };

/**
 * What a look-up means for a message, once the reports it brought are applied. Null where the
 * message has moved on by itself.
 */
export function decideByLookUp(
  message: LockedMessage,
  target: LookUpTarget,
  result: LookUpResult,
  context: StepContext,
): LookUpStep | null {
  if (isTerminal(message.state)) return null;
  const ageMs = context.now.getTime() - target.openedAt.getTime();
  if (message.openAttemptId === target.attemptId)
    return decideUnknown(message, target, result, ageMs, context);
  if (message.state !== 'submitted' && message.state !== 'sent') return null;
  return { step: decideUnreported(message, target, result, context), refusedAttemptId: null };
}

/** The hand-over's outcome is unknown: nothing is sent again before the provider says "not taken". */
function decideUnknown(
  message: LockedMessage,
  target: LookUpTarget,
  result: LookUpResult,
  ageMs: number,
  context: StepContext,
): LookUpStep {
  if (result.kind === 'absent' && ageMs >= GRACE_MS[message.category]) {
    const step = tryAgain(message, 'the provider does not know the message', context);
    return { step, refusedAttemptId: target.attemptId };
  }
  if (ageMs >= REPORT_DEADLINE_MS) {
    const detail = 'nobody could tell whether the provider took the message';
    const step = giveUp(message, 'failed', 'outcome_unknown', detail, context.now);
    return {
      step: { ...step, givenUp: { failureClass: 'outcome_unknown', detail } },
      refusedAttemptId: null,
    };
  }
  const state = canMove(message.state, 'unknown') ? 'unknown' : message.state;
  const wakeAt = new Date(context.now.getTime() + MINUTE_MS);
  return { step: { message, move: { state, wakeAt }, credit: 'none' }, refusedAttemptId: null };
}

/** Handed over, but without a last word: ask again until the deadline, then draw the line. */
function decideUnreported(
  message: LockedMessage,
  target: LookUpTarget,
  result: LookUpResult,
  { now, reportSource }: StepContext,
): NextStep {
  const deadline = message.reportDeadline ?? new Date(target.openedAt.getTime() + REPORT_DEADLINE_MS);
  // While the provider cannot be asked, its silence means nothing: the line is drawn a day later.
  const extraMs = result.kind === 'unavailable' ? DAY_MS : 0;
  if (now.getTime() < deadline.getTime() + extraMs) {
    const wakeAt = nextPollAt(reportSource, target.openedAt, now);
    return { message, move: { state: message.state, wakeAt }, credit: 'none' };
  }
  if (message.state === 'sent') {
    // Some networks never send a receipt: sent is the end, and not charged where delivery is.
    const credit = message.chargeOn === 'delivered' ? 'release' : 'none';
    return { message, move: { state: 'sent', failureCode: 'no_receipt', wakeAt: null }, credit };
  }
  return giveUp(message, 'failed', 'no_report', 'the provider never reported what became of it', now);
}
