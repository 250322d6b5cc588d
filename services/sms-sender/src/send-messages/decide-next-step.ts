import { NOT_TAKEN } from '@tollgate/shared/messages/attempts.ts';
import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import { canMove } from '@tollgate/shared/messages/states.ts';
import { SECOND_MS } from '@tollgate/shared/time/durations.ts';
import { nextPollAt, REPORT_DEADLINE_MS, type ReportSource } from '../delivery-reports/poll-schedule.ts';
import type { NextStep } from '../next-step/next-step.ts';
import type { SubmissionOutcome, UnavailableCode } from '../providers/sms-provider.ts';
import { REFUSALS_MAX, retryDelayMs } from './retry-policy.ts';

/** How soon after an unknown outcome the provider is asked for the first time. */
const FIRST_LOOK_UP_MS = 10 * SECOND_MS;

export type StepContext = {
  now: Date;
  /** 0 ≤ random < 1: spreads retries. */
  random: number;
  reportSource: ReportSource;
};

/** What the outcome of a hand-over means for the message and its reservation. */
export function decideNextStep(
  message: LockedMessage,
  outcome: SubmissionOutcome,
  context: StepContext,
): NextStep {
  const { now, reportSource } = context;
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
    // Whether another provider is left to carry it is seen when it is claimed again.
    case 'unroutable':
    case 'throttled':
      return tryAgain(message, { code: null, detail: outcome.detail }, context);
    case 'unavailable':
      return tryAgain(message, outcome, context);
    case 'unknown':
      return {
        message,
        move: {
          // A message that the provider had taken back once stays submitted: states only move forward.
          state: canMove(message.state, 'unknown') ? 'unknown' : message.state,
          lastFailure: outcome.detail,
          wakeAt: new Date(now.getTime() + FIRST_LOOK_UP_MS),
          reportDeadline: new Date(now.getTime() + REPORT_DEADLINE_MS),
        },
        credit: 'none',
      };
    case 'provider_blocked':
      return waitForProvider(message, outcome.detail);
  }
}

/** Keeps a message until its provider is resumed, which wakes it, or until its validity is over. */
export function waitForProvider(message: LockedMessage, detail: string): NextStep {
  const { state, expiresAt } = message;
  return {
    message,
    move: { state, holdReason: 'provider', lastFailure: detail, wakeAt: expiresAt },
    credit: 'none',
  };
}

/** The message was certainly not taken: another attempt while its validity lasts and the provider has not refused it too often. */
export function tryAgain(
  message: LockedMessage,
  { code, detail }: { code: UnavailableCode | null; detail: string },
  { now, random }: StepContext,
): NextStep {
  const notBefore = new Date(now.getTime() + retryDelayMs(message.attemptCount, random));
  if (notBefore >= message.expiresAt) return giveUp(message, 'expired', 'validity_over', detail, now);
  const refusals = message.refusalCount + (code === NOT_TAKEN ? 1 : 0);
  if (refusals >= REFUSALS_MAX) {
    const step = giveUp(message, 'failed', 'provider_unavailable', detail, now);
    return { ...step, givenUp: { failureClass: 'provider_unavailable', detail } };
  }
  const state = canMove(message.state, 'sending') ? 'sending' : message.state;
  return { message, move: { state, notBefore, wakeAt: notBefore, lastFailure: detail }, credit: 'none' };
}

/** A definite end without a charge; one that was charged on acceptance is given its price back. */
export function giveUp(
  message: LockedMessage,
  state: 'rejected' | 'failed' | 'expired' | 'canceled',
  failureCode: string,
  detail: string,
  now: Date,
): NextStep {
  return {
    message,
    move: { state, failureCode, lastFailure: detail, finishedAt: now, wakeAt: null },
    credit: message.reservation === 'captured' ? 'refund' : 'release',
  };
}
