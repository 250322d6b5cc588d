import { decideWrite, type WriteDecision } from '../faults/decide-write.ts';
import { type FaultSwitches, takeWriteFault } from '../faults/fault-switches.ts';
import type { WriteFault } from '../faults/faults.ts';
import type { StoredAnswer } from '../state/answer-table.ts';
import { StripeRefusal } from '../wire/stripe-refusal.ts';
import { refusalAnswer, runOperation } from './run-operation.ts';
import type { StripeCall } from './stripe-call.ts';
import { type WithAccountDeps, withAccount } from './with-account.ts';

const keyLifeMs = 24 * 60 * 60 * 1000;

export interface AnswerWriteDeps extends WithAccountDeps {
  faults: FaultSwitches;
  /** The keys of calls that are still waiting for their answer. */
  keysInFlight: ReadonlySet<string>;
  onFault: (fault: WriteFault['kind']) => void;
}

/** What the client sees of a write. */
export type WriteReply =
  | { kind: 'answer'; answer: StoredAnswer; headers: Record<string, string>; isReplayed: boolean }
  /** With `isRunning` the call counts as in flight until the client goes. */
  | { kind: 'cut' | 'hang'; isRunning: boolean };

/** Carries a write out once per idempotency key, as the fault switched on for it tells. */
export function answerWrite(deps: AnswerWriteDeps, call: StripeCall, requestId: string): WriteReply {
  const kept = keptAnswer(deps, call);
  if (kept !== undefined) {
    const headers = { 'Idempotent-Replayed': 'true', 'Original-Request': kept.requestId };
    return { kind: 'answer', answer: { ...kept, requestId }, headers, isReplayed: true };
  }
  const fault = takeWriteFault(deps.faults, call.path);
  if (fault !== undefined) deps.onFault(fault.kind);
  const decision = decideWrite(fault);
  const faultAnswer = faultAnswerOf(decision, requestId);
  const answer = decision.isCarriedOut ? carryOut(deps, call, requestId, faultAnswer) : faultAnswer;
  if (!decision.isCarriedOut && decision.isKept && faultAnswer) keep(deps, call, faultAnswer);
  if (decision.answer === 'cut' || decision.answer === 'hang' || answer === undefined) {
    return { kind: decision.answer === 'cut' ? 'cut' : 'hang', isRunning: !decision.isCarriedOut };
  }
  const headers = decision.answer === 'real' ? {} : decision.answer.headers;
  return { kind: 'answer', answer, headers, isReplayed: false };
}

function keptAnswer(deps: AnswerWriteDeps, { idempotencyKey: key, requestHash, path }: StripeCall) {
  if (key === null) return undefined;
  if (deps.keysInFlight.has(key)) {
    throw new StripeRefusal(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `Another request is in progress with the idempotency key ${key}.`,
    });
  }
  const kept = deps.state.answers.find(key, deps.now().getTime() - keyLifeMs);
  if (kept !== undefined && kept.requestHash !== requestHash) {
    throw new StripeRefusal(400, {
      type: 'idempotency_error',
      message: `The idempotency key ${key} was used with other parameters or another address than ${path}.`,
    });
  }
  return kept;
}

function carryOut(
  deps: AnswerWriteDeps,
  call: StripeCall,
  requestId: string,
  faultAnswer: StoredAnswer | undefined,
): StoredAnswer {
  try {
    return withAccount(deps, { requestId, idempotencyKey: call.idempotencyKey }, (account) => {
      const answer = faultAnswer ?? runOperation(account, call, requestId);
      if (faultAnswer) runOperation(account, call, requestId);
      keep(deps, call, answer);
      return answer;
    });
  } catch (error) {
    if (!(error instanceof StripeRefusal)) throw error;
    const answer = refusalAnswer(error, requestId);
    keep(deps, call, answer);
    return answer;
  }
}

function keep(
  deps: AnswerWriteDeps,
  { idempotencyKey: key, requestHash }: StripeCall,
  answer: StoredAnswer,
): void {
  if (key !== null) deps.state.answers.keep(key, requestHash, answer, deps.now().getTime());
}

function faultAnswerOf({ answer }: WriteDecision, requestId: string): StoredAnswer | undefined {
  if (typeof answer === 'string') return undefined;
  return { status: answer.status, body: JSON.stringify({ error: answer.error }), requestId };
}
