export const messageStates = [
  'accepted',
  'sending',
  'unknown',
  'submitted',
  'sent',
  'failed',
  'rejected',
  'undelivered',
  'expired',
  'canceled',
  'delivered',
] as const;

export type MessageState = (typeof messageStates)[number];

// Late truth wins over earlier guesses: `delivered` stands above every other end.
const rank: Record<MessageState, number> = {
  accepted: 0,
  sending: 1,
  unknown: 2,
  submitted: 3,
  sent: 4,
  failed: 5,
  rejected: 5,
  undelivered: 5,
  expired: 5,
  canceled: 5,
  delivered: 6,
};

/** Whether a message may go from one state to the other: states only move forward. */
export function canMove(from: MessageState, to: MessageState): boolean {
  return rank[to] > rank[from];
}

/** Whether nothing but late truth can change the state any more. */
export function isTerminal(state: MessageState): boolean {
  return rank[state] >= rank.failed;
}
