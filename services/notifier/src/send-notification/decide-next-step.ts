import { HOUR_MS, SECOND_MS } from '@tollgate/shared/time/durations.ts';
import type { MailFailure, MailOutcome } from '../smtp/mailer.ts';

/** A mail that was not taken this often is given up. */
export const ATTEMPTS_MAX = 8;

const FIRST_DELAY_MS = 5 * SECOND_MS;
const LONGEST_DELAY_MS = 6 * HOUR_MS;

export type NextStep =
  | { kind: 'sent' }
  | { kind: 'try_again'; delayMs: number; failure: MailFailure }
  | { kind: 'give_up'; failure: MailFailure };

/** What the outcome of an attempt means for the mail. `attempts` counts this one; 0 ≤ random < 1. */
export function decideNextStep(attempts: number, outcome: MailOutcome, random: number): NextStep {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent' };
    case 'refused':
      return { kind: 'give_up', failure: toFailure(outcome) };
    case 'deferred':
      if (attempts >= ATTEMPTS_MAX) return { kind: 'give_up', failure: toFailure(outcome) };
      return { kind: 'try_again', delayMs: retryDelayMs(attempts, random), failure: toFailure(outcome) };
  }
}

/**
 * Delay before the next attempt: four times as long each time from 5 s to 6 h, half of it random.
 * Eight attempts take four to seven and a half hours, which outlasts greylisting and a bad morning.
 */
export function retryDelayMs(attempts: number, random: number): number {
  const delay = Math.min(FIRST_DELAY_MS * 4 ** (attempts - 1), LONGEST_DELAY_MS);
  return Math.round(delay / 2 + (delay / 2) * random);
}

function toFailure({ code, detail }: MailFailure): MailFailure {
  return { code, detail };
}
