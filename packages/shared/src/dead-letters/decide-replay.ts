import { OUTCOME_UNKNOWN } from './dead-letter.ts';

/** What decides whether a letter may be replayed. */
export type ReplayFacts = {
  failureClass: string;
  /** Whether the job's payload still fits its queue. */
  payload: 'fits' | 'does_not_fit' | 'queue_unknown';
  /** The message that was given up; null for a job's letter. */
  message: MessageFacts | 'gone' | null;
};

export type MessageFacts = {
  state: string;
  expiresAt: Date;
  isReplayed: boolean;
  /** Whether an attempt was taken after all, or may have been. */
  mayHaveBeenSent: boolean;
  /** Whether tenant, plan and settings allow sending now. */
  sendingAllowed: boolean;
  /** Whether the stored text opens with the MASTER_KEY at hand. */
  bodyOpens: boolean;
};

export const refusals = {
  outcome_unknown: 'the provider may have sent it: a replay could send it twice; it can only be discarded',
  payload_does_not_fit: 'its payload no longer fits the queue',
  queue_unknown: 'there is no such queue any more',
  message_is_gone: 'the message is no longer stored',
  message_moved_on: 'the message is no longer failed: a late report said otherwise',
  may_have_been_sent:
    'a late report says that the provider took it, or it may have: a replay would send it twice',
  already_replayed: 'the message was replayed before',
  tenant_may_not_send: 'the tenant may not send at the moment',
  body_does_not_open: 'the text does not open: MASTER_KEY is missing or another one',
  over_before_its_turn: 'its validity ends before its turn at this rate',
} as const;

export type RefusalReason = keyof typeof refusals;

export type ReplayDecision =
  | { kind: 'replay' }
  /** Its validity is over: it is never sent, whoever asks. */
  | { kind: 'expired' }
  /** It stays open. */
  | { kind: 'refused'; reason: RefusalReason };

/** What a replay does with an open letter whose turn comes at `dueAt`. */
export function decideReplay(
  { failureClass, payload, message }: ReplayFacts,
  now: Date,
  dueAt: Date,
): ReplayDecision {
  if (failureClass === OUTCOME_UNKNOWN) return refuse('outcome_unknown');
  if (message === null) return decideJob(payload);
  if (message === 'gone') return refuse('message_is_gone');
  // First of all, so that a stale one-time password is over whatever else is true of it.
  if (message.expiresAt <= now) return { kind: 'expired' };
  if (message.isReplayed) return refuse('already_replayed');
  if (message.state !== 'failed') return refuse('message_moved_on');
  if (message.mayHaveBeenSent) return refuse('may_have_been_sent');
  if (!message.sendingAllowed) return refuse('tenant_may_not_send');
  if (!message.bodyOpens) return refuse('body_does_not_open');
  if (message.expiresAt <= dueAt) return refuse('over_before_its_turn');
  return { kind: 'replay' };
}

function decideJob(payload: ReplayFacts['payload']): ReplayDecision {
  switch (payload) {
    case 'fits':
      return { kind: 'replay' };
    case 'does_not_fit':
      return refuse('payload_does_not_fit');
    case 'queue_unknown':
      return refuse('queue_unknown');
  }
}

function refuse(reason: RefusalReason): ReplayDecision {
  return { kind: 'refused', reason };
}
