import type { Submission, TakenMessage } from './messages/accept-messages.ts';
import type { Progress, SubmittedMessage } from './messages/received-message.ts';
import type { State } from './state/open-state.ts';

// The vendor's test number: taken over, never charged, never heard of again.
const silentRecipient = '420777777777';

/**
 * Stores what was taken over in one transaction; each message is sent so many milliseconds after its sending time.
 * Returns when the first of them is due, in milliseconds since 1970.
 */
export function takeMessages(state: State, submissions: Submission[], sentAfterMs: number): number {
  const taken = submissions.flatMap(({ messages }) => messages);
  const dueAt = (message: TakenMessage) => Date.parse(message.sendAt) + sentAfterMs;
  state.transaction(() => {
    for (const one of taken) {
      const { message, progress } = split(one);
      const isSilent = message.phoneNumber === silentRecipient;
      state.messages.insert(message, progress, isSilent ? null : { step: { kind: 'send' }, at: dueAt(one) });
    }
  });
  return Math.min(...taken.map(dueAt));
}

function split({ parts, ...message }: TakenMessage): { message: SubmittedMessage; progress: Progress } {
  const progress: Progress = {
    state: 'accepted',
    info: null,
    sentAt: null,
    deliveredAt: null,
    updatedAt: message.acceptedAt,
    parts,
    charged: false,
  };
  return { message, progress };
}
