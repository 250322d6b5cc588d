import type { ReceivedMessage } from '../messages/received-message.ts';
import type { MessageRow } from './message-table.ts';
import type { State } from './open-state.ts';

/** Returns rows with what came of their reports, and the number of the last row for reading on. */
export function readMessages(
  { reports }: Pick<State, 'reports'>,
  rows: MessageRow[],
): { messages: ReceivedMessage[]; last: number | null } {
  const messages = rows.map(({ message, progress }) => ({
    ...message,
    ...progress,
    callbackAnswers: reports.ofMessage(message.id),
  }));
  return { messages, last: rows.at(-1)?.seq ?? null };
}
