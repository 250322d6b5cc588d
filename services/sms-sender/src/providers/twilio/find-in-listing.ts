import { MINUTE_MS } from '@tollgate/shared/time/durations.ts';
import type { AttemptReference } from '../sms-provider.ts';
import type { TwilioMessage } from './read-message.ts';

/** What our own rows say of the messages that were found. */
export type KnownAttempts = {
  /** Those of the SIDs that an attempt of ours bears already. */
  findBorne(sids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Whether an attempt of another message to the recipient is open and bears none yet. */
  hasRival(attempt: Pick<AttemptReference, 'attemptId' | 'recipient'>): Promise<boolean>;
};

/** How far Twilio's clock may be from ours, and how late within the lease a call may be made. */
const CLOCK_SKEW_MS = MINUTE_MS;
const POSTED_WITHIN_MS = MINUTE_MS;

/** By then the answer of every call that could have made a message is recorded. */
const SETTLED_AFTER_MS = MINUTE_MS;

/** The listed messages that the attempt could have become: to the recipient, at the time, of nobody else. */
export function findCandidates(
  messages: readonly TwilioMessage[],
  { recipient, openedAt }: Pick<AttemptReference, 'recipient' | 'openedAt'>,
): TwilioMessage[] {
  const from = openedAt.getTime() - CLOCK_SKEW_MS;
  const until = openedAt.getTime() + POSTED_WITHIN_MS + CLOCK_SKEW_MS;
  return messages.filter(({ to, direction, date_created }) => {
    const createdAt = Date.parse(date_created);
    return to === recipient && direction.startsWith('outbound') && createdAt >= from && createdAt <= until;
  });
}

export type Judgement =
  | { kind: 'ours'; message: TwilioMessage }
  | { kind: 'absent' }
  | { kind: 'unclear'; detail: string };

/**
 * What the candidates that nobody bears say of the attempt. No candidate at all is needed to call it absent,
 * and exactly one with the very text, when no other attempt could have made it, to call it ours: a wrong
 * "absent" would send twice, a wrong "ours" charge for what was never sent. Everything else waits for a callback.
 */
export function judgeCandidates(
  candidates: readonly TwilioMessage[],
  { body, hasRival, now }: { body: string | null; hasRival: boolean; now: Date },
): Judgement {
  const [first, second] = candidates;
  if (!first) return { kind: 'absent' };
  if (second) return { kind: 'unclear', detail: 'several messages could be this one' };
  if (hasRival) return { kind: 'unclear', detail: 'another attempt to the same recipient is open' };
  if (body === null || first.body.normalize('NFC') !== body.normalize('NFC')) {
    return { kind: 'unclear', detail: 'a message to the same recipient has another text' };
  }
  if (now.getTime() - Date.parse(first.date_created) < SETTLED_AFTER_MS) {
    return { kind: 'unclear', detail: 'the message found is too new to be told from one under way' };
  }
  return { kind: 'ours', message: first };
}
