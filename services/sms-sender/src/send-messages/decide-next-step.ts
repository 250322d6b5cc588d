import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import { canMove } from '@tollgate/shared/messages/states.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { nextPollAt, REPORT_DEADLINE_MS, type ReportSource } from '../delivery-reports/poll-schedule.ts';
import type { NextStep } from '../next-step/next-step.ts';
import type { SubmissionOutcome } from '../providers/sms-provider.ts';
import { ATTEMPTS_MAX, retryDelayMs } from './retry-policy.ts';

/** How soon after an unknown outcome the provider is asked for the first time. */
const FIRST_LOOK_UP_MS = 10 * SECOND_MS;

export type StepContext = {
  now: Date;
  /** 0 ≤ random < 1: spreads retries. */
  random: number;
  reportSource: ReportSource;
  /** When a blocked provider is tried again. */
  blockedUntil: Date;
};

/** What the outcome of a hand-over means for the message and its reservation. */
export function decideNextStep(
  message: LockedMessage,
  outcome: SubmissionOutcome,
  context: StepContext,
): NextStep {
  const { now, reportSource, blockedUntil } = context;
  switch (outcome.kind) {
    case 'accepted':
      return {
        message,
        move: {
          state: 'submitted',
          submittedAt: now,
          reportDeadline: new Date(now.getTime() + REPORT_DEADLINE_MS),
          wakeAt: nextPollAt(reportSource, now, now),
        },
        credit: message.chargeOn === 'accepted' ? 'capture' : 'none',
      };
    case 'rejected':
      return giveUp(message, 'rejected', outcome.code, outcome.detail, now);
    case 'throttled':
    case 'unavailable':
      return tryAgain(message, outcome.detail, context);
    case 'unknown':
      return {
        message,
        move: {
          state: 'unknown',
          lastFailure: outcome.detail,
          wakeAt: new Date(now.getTime() + FIRST_LOOK_UP_MS),
          reportDeadline: new Date(now.getTime() + REPORT_DEADLINE_MS),
        },
        credit: 'none',
      };
    case 'provider_blocked':
      return {
        message,
        move: {
          state: message.state,
          holdReason: 'provider',
          lastFailure: outcome.detail,
          notBefore: blockedUntil,
          wakeAt: blockedUntil,
        },
        credit: 'none',
      };
  }
}

/** The message was certainly not taken: another attempt while its validity and the attempts last. */
export function tryAgain(message: LockedMessage, detail: string, { now, random }: StepContext): NextStep {
  const notBefore = new Date(now.getTime() + retryDelayMs(message.attemptCount, random));
  if (notBefore >= message.expiresAt) return giveUp(message, 'expired', 'validity_over', detail, now);
  if (message.attemptCount >= ATTEMPTS_MAX) {
    const step = giveUp(message, 'failed', 'provider_unavailable', detail, now);
    return { ...step, givenUp: { failureClass: 'provider_unavailable', detail } };
  }
  const state = canMove(message.state, 'sending') ? 'sending' : message.state;
  return { message, move: { state, notBefore, wakeAt: notBefore, lastFailure: detail }, credit: 'none' };
}

/** A definite end without a charge. */
export function giveUp(
  message: LockedMessage,
  state: 'rejected' | 'failed' | 'expired',
  failureCode: string,
  detail: string,
  now: Date,
): NextStep {
  return {
    message,
    move: { state, failureCode, lastFailure: detail, finishedAt: now, wakeAt: null },
    credit: 'release',
  };
}
