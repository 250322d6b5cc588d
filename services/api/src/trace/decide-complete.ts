import { isTerminal, type MessageState } from '@tollgate/shared/messages/states.ts';

/** What decides whether anything is left to happen to a message and its money. */
export type TraceFacts = {
  state: MessageState;
  /** Whether somebody will still look at the message. */
  isAwaited: boolean;
  hasOpenReservation: boolean;
  /** How many usage events the ledger's entries call for. */
  bookedEntries: number;
  /** One per usage event: what it has come to. */
  usage: { invoice: { state: string; document: string; settlesMicros: bigint } | null }[];
};

/**
 * Whether nothing is left to happen: the message has come to its end, nothing is held for it, and all
 * that was charged is on an invoice that is paid or asks for nothing.
 */
export function decideComplete(facts: TraceFacts): boolean {
  const { state, isAwaited, hasOpenReservation, bookedEntries, usage } = facts;
  const isOver = isTerminal(state) || (state === 'sent' && !isAwaited);
  if (!isOver || hasOpenReservation || usage.length < bookedEntries) return false;
  return usage.every(({ invoice }) => invoice !== null && isSettled(invoice));
}

function isSettled({
  state,
  document,
  settlesMicros,
}: NonNullable<TraceFacts['usage'][number]['invoice']>): boolean {
  if (state === 'void') return false;
  return state === 'paid' || document === 'statement' || settlesMicros === 0n;
}
