import { NOT_TAKEN, UNRESOLVED } from '@tollgate/shared/messages/attempts.ts';
import type { MessageCategory } from '@tollgate/shared/messages/categories.ts';
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
  /** Why the attempt is closed: the provider certainly did not take it, or nobody can tell in time. Null keeps it. */
  closedAs: typeof NOT_TAKEN | typeof UNRESOLVED | null;
};

/** How long the listing may lag behind; only after it does "absent" mean "not taken". */
const GRACE_MS: Record<MessageCategory, number> = {
  priority: 2 * MINUTE_MS,
  transactional: 10 * MINUTE_MS,
  promotional: 10 * MINUTE_MS,
};

/**
 * What to do when the provider cannot even be asked: an OTP that comes twice does less harm than one
 * that never comes, for everything else it is the other way round.
 */
const IS_REPEATED_UNRESOLVED: Record<MessageCategory, boolean> = {
  priority: true,
  transactional: false,
  promotional: false,
};

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
  if (message.openAttemptId === target.attemptId) return decideUnknown(message, target, result, context);
  if (message.openAttemptId !== null) return null;
  // Submitted without an accepted attempt: its acceptance was just taken back, and it waits for its provider.
  const isAwaited = message.state === 'sent' || (message.state === 'submitted' && message.hasAcceptedAttempt);
  if (!isAwaited) return null;
  return { step: decideUnreported(message, target, result, context), closedAs: null };
}

/** The hand-over's outcome is unknown: nothing is sent again before the provider says "not taken". */
function decideUnknown(
  message: LockedMessage,
  target: LookUpTarget,
  result: LookUpResult,
  context: StepContext,
): LookUpStep {
  const { now } = context;
  const ageMs = now.getTime() - target.openedAt.getTime();
  const isGraceOver = ageMs >= GRACE_MS[message.category];
  if (message.hasAcceptedAttempt)
    return decideRival(message, target, { result, ageMs, isGraceOver }, context);
  if (isGraceOver && result.kind === 'absent') {
    const refusal = { code: NOT_TAKEN, detail: 'the provider does not know the message' } as const;
    return { step: tryAgain(message, refusal, context), closedAs: NOT_TAKEN };
  }
  const mayRepeat = IS_REPEATED_UNRESOLVED[message.category] && !target.isRepeated;
  if (isGraceOver && mayRepeat && result.kind === 'unavailable' && message.expiresAt > now) {
    const reason = { code: null, detail: 'nobody could tell in time whether the provider took it' };
    return { step: tryAgain(message, reason, context), closedAs: UNRESOLVED };
  }
  if (ageMs >= REPORT_DEADLINE_MS) {
    const detail = 'nobody could tell whether the provider took the message';
    const step = giveUp(message, 'failed', 'outcome_unknown', detail, now);
    return { step: { ...step, givenUp: { failureClass: 'outcome_unknown', detail } }, closedAs: UNRESOLVED };
  }
  const state = canMove(message.state, 'unknown') ? 'unknown' : message.state;
  const wakeAt = new Date(now.getTime() + MINUTE_MS);
  return { step: { message, move: { state, wakeAt }, credit: 'none' }, closedAs: null };
}

/** Another attempt was accepted: whatever comes of this one, the message is on its way. */
function decideRival(
  message: LockedMessage,
  target: LookUpTarget,
  { result, ageMs, isGraceOver }: { result: LookUpResult; ageMs: number; isGraceOver: boolean },
  { now, reportSource }: StepContext,
): LookUpStep {
  const wakeAt = nextPollAt(reportSource, target.openedAt, now);
  const step: NextStep = { message, move: { state: message.state, wakeAt }, credit: 'none' };
  if (isGraceOver && result.kind === 'absent') return { step, closedAs: NOT_TAKEN };
  return { step, closedAs: ageMs >= REPORT_DEADLINE_MS ? UNRESOLVED : null };
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
  const step = giveUp(message, 'failed', 'no_report', 'the provider never reported what became of it', now);
  // Whoever is charged on acceptance stays charged: the provider did accept it.
  return step.credit === 'refund' ? { ...step, credit: 'none' } : step;
}
