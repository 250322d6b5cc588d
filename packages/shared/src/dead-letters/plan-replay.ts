import { seal, UnsealError, unseal } from '../encryption/seal.ts';
import { newId } from '../ids/ids.ts';
import type { MessageReplay } from '../messages/replay-messages.ts';
import { allQueues } from '../queues/catalog.ts';
import type { QueueDefinition } from '../queues/define-queue.ts';
import type { DataKeys } from '../tenants/data-keys.ts';
import { SECOND_MS } from '../time/durations.ts';
import { decideReplay, type ReplayDecision, type ReplayFacts } from './decide-replay.ts';
import type { Candidate, FailedMessage } from './read-candidates.ts';

/** A letter, what a replay does with it, and when its turn is. */
export type PlannedLetter = {
  letter: Candidate;
  decision: ReplayDecision;
  dueAt: Date;
  /** The new message, for a letter about one. */
  replay: MessageReplay | null;
};

export type Pace = {
  startedAt: Date;
  now: Date;
  /** Letters a second. */
  rate: number;
  /** How many letters have had their turn before. */
  position: number;
};

/** Decides about letters in order; each that is replayed takes the next turn. A dry run and a replay share it. */
export function planReplay(
  letters: readonly Candidate[],
  dataKeys: DataKeys | null,
  { startedAt, now, rate, position }: Pace,
): PlannedLetter[] {
  let turn = position;
  return letters.map((letter) => {
    const due = startedAt.getTime() + Math.floor((turn * SECOND_MS) / rate);
    const dueAt = new Date(Math.max(due, now.getTime()));
    const replay = isMessage(letter.message) ? repeatMessage(letter.message, dataKeys, dueAt) : null;
    const decision = decideReplay(factsOf(letter, replay !== null), now, dueAt);
    if (decision.kind === 'replay') turn += 1;
    return { letter, decision, dueAt, replay };
  });
}

/** The queue that a job's letter came from; undefined when nobody consumes it any more. */
export function findQueue(name: string): QueueDefinition<unknown> | undefined {
  return (allQueues as readonly QueueDefinition<unknown>[]).find((queue) => queue.name === name);
}

function factsOf({ failureClass, queue, payload, message }: Candidate, bodyOpens: boolean): ReplayFacts {
  const definition = findQueue(queue);
  const fits = definition?.payload.safeParse(payload).success ? 'fits' : 'does_not_fit';
  return {
    failureClass,
    payload: definition === undefined ? 'queue_unknown' : fits,
    message: isMessage(message) ? { ...message, bodyOpens } : message,
  };
}

function isMessage(message: Candidate['message']): message is FailedMessage {
  return message !== null && message !== 'gone';
}

/** The same text sealed for a new message; null when it does not open. */
function repeatMessage(
  { id, tenantId, bodyEncrypted, dataKeyWrapped }: FailedMessage,
  dataKeys: DataKeys | null,
  dueAt: Date,
): MessageReplay | null {
  if (dataKeys === null) return null;
  try {
    const key = dataKeys.open(tenantId, dataKeyWrapped);
    const replayId = newId();
    const body = unseal(key, bodyEncrypted, id);
    return { id: replayId, replayOf: id, bodyEncrypted: seal(key, body, replayId), notBefore: dueAt };
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
