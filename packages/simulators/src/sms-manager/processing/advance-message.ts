import type { MessageState, Progress, ReportResult } from '../messages/received-message.ts';
import type { SendingResult } from './decide-result.ts';

/** The next thing that happens to a message by itself. */
export type Step = { kind: 'send' } | { kind: 'end'; result: 'delivered' | 'undelivered'; info: string };

/** A step and when it is due, in milliseconds since 1970; null when nothing more happens. */
export type NextStep = { step: Step; at: number } | null;

export interface Happening {
  result: ReportResult;
  info: string | null;
  /** Milliseconds since 1970. */
  dueAt: number;
}

/** Where a message stands after a step, what comes next, and what there is to report. */
export interface Advance {
  progress: Progress;
  next: NextStep;
  happenings: Happening[];
}

/** Returns the message after the provider got to it. `endsAfterMs` is the time from sent to its end. */
export function afterSending(
  progress: Progress,
  result: SendingResult,
  at: { occurredAt: string; dueAt: number; endsAfterMs: number },
): Advance {
  const updated = { ...progress, updatedAt: at.occurredAt };
  if (result.kind === 'not sent') {
    const happening = { result: result.result, info: result.info, dueAt: at.dueAt };
    return {
      progress: { ...updated, state: result.result, info: result.info },
      next: null,
      happenings: [happening],
    };
  }
  const ending = result.ending;
  return {
    progress: { ...updated, state: 'sent', info: null, sentAt: at.occurredAt, charged: true },
    next: ending && { step: { kind: 'end', ...ending }, at: at.dueAt + at.endsAfterMs },
    happenings: [{ result: 'sent', info: null, dueAt: at.dueAt }],
  };
}

/** Returns a sent message after the network told how it ended. */
export function afterEnding(
  progress: Progress,
  step: Extract<Step, { kind: 'end' }>,
  at: { occurredAt: string; dueAt: number },
): Advance {
  const state: MessageState = step.result;
  const deliveredAt = state === 'delivered' ? at.occurredAt : null;
  return {
    progress: { ...progress, state, info: step.info, deliveredAt, updatedAt: at.occurredAt },
    next: null,
    happenings: [{ result: step.result, info: step.info, dueAt: at.dueAt }],
  };
}
