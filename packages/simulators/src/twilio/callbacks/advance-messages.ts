import type { FaultSwitches } from '../faults/fault-switches.ts';
import type { NextStep, Progress, Status } from '../messages/twilio-message.ts';
import type { DueStep } from '../state/message-table.ts';
import type { State } from '../state/open-state.ts';
import { planCallbacks } from './plan-callbacks.ts';

const stepsMax = 500;
const farFuture = Number.MAX_SAFE_INTEGER;
const poolSender = '+420736350000';

export interface AdvanceDeps {
  state: State;
  faults: FaultSwitches;
  now: () => Date;
  accountSid: string;
  /** From sent to the end of a message. */
  endsAfterMs: number;
}

/** Takes up to 500 messages whose step is due, or all that wait, one step on; returns how many. */
export function advanceMessages(deps: AdvanceDeps, which: 'due' | 'all'): number {
  const { state, now } = deps;
  const steps = state.messages.dueSteps(which === 'due' ? now().getTime() : farFuture, stepsMax);
  state.transaction(() => {
    for (const step of steps) advanceOne(deps, step);
  });
  return steps.length;
}

function advanceOne(deps: AdvanceDeps, { seq, message, progress, step, dueAt }: DueStep): void {
  const { state, faults, now, endsAfterMs } = deps;
  const wanted = faults.current().results;
  const at = now().toISOString();
  const save = (changes: Partial<Progress>, statuses: Status[], next: NextStep) => {
    const moved = { ...progress, ...changes, updatedAt: at };
    state.messages.save(seq, moved, next);
    for (const callback of planCallbacks(deps, message, moved, statuses, dueAt))
      state.callbacks.insert(callback);
  };
  if (step === 'end') {
    const status = wanted.status === 'undelivered' ? 'undelivered' : 'delivered';
    const errorCode = status === 'undelivered' ? (wanted.errorCode ?? 30003) : null;
    save({ status, errorCode, endedAt: at }, [status], null);
    return;
  }
  // The initial state has no callback; with a service `queued` is the second.
  const before: Status[] = progress.status === 'accepted' ? ['queued', 'sending'] : ['sending'];
  const sender = message.from ?? poolSender;
  if (wanted.status === 'failed') {
    const errorCode = wanted.errorCode ?? 30008;
    save({ status: 'failed', errorCode, sender, endedAt: at }, [...before, 'failed'], null);
    return;
  }
  const next: NextStep = wanted.status === 'sentOnly' ? null : { step: 'end', at: dueAt + endsAfterMs };
  save({ status: 'sent', sender, sentAt: at }, [...before, 'sent'], next);
}
