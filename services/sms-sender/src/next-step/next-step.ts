import type { LockedMessage } from '@tollgate/shared/messages/message.ts';
import type { MessageMove } from '@tollgate/shared/messages/move-messages.ts';

/** What happens to a message and its charge; decided without I/O, written in one transaction. */
export type NextStep = {
  message: LockedMessage;
  move: Omit<MessageMove, 'messageId'>;
  credit: 'capture' | 'release' | 'refund' | 'none';
  /** Set when the message is given up and a person should know. */
  givenUp?: { failureClass: string; detail: string };
};
