import { canMove, type MessageState } from '../messages/states.ts';
import type { Db } from '../runtime/database.ts';

export type BatchProgress = {
  /** How many of the batch's messages are in each state; states without any are left out. */
  counts: Map<MessageState, number>;
  /** What was taken from the account by now, less what was given back. */
  chargedMicros: bigint;
};

/** How the messages of a batch stand now. */
export async function readBatchProgress(db: Db, batchId: string): Promise<BatchProgress> {
  const states = await db.$queryRaw<{ state: MessageState; count: number }[]>`
    SELECT state, count(*)::int AS count FROM messages WHERE batch_id = ${batchId}::uuid GROUP BY state`;
  // One statement per kind, because each kind has its own index by message.
  const charges = await db.$queryRaw<{ micros: bigint }[]>`
    SELECT coalesce(-sum(amount_micros), 0)::bigint AS micros FROM (
      SELECT e.amount_micros FROM messages m
        JOIN ledger_entries e ON e.message_id = m.id AND e.kind = 'sms_send' WHERE m.batch_id = ${batchId}::uuid
      UNION ALL
      SELECT e.amount_micros FROM messages m
        JOIN ledger_entries e ON e.message_id = m.id AND e.kind = 'refund' WHERE m.batch_id = ${batchId}::uuid
      UNION ALL
      SELECT e.amount_micros FROM messages m
        JOIN ledger_entries e ON e.message_id = m.id AND e.kind = 'refund_reversal' WHERE m.batch_id = ${batchId}::uuid
    ) entries`;
  return {
    counts: new Map(states.map(({ state, count }) => [state, count])),
    chargedMicros: charges[0]?.micros ?? 0n,
  };
}

/** Percent of the messages that were sent or ended otherwise: 100 only when all are, and where there are none. */
export function percentDone(counts: ReadonlyMap<MessageState, number>): number {
  let total = 0;
  let done = 0;
  for (const [state, count] of counts) {
    total += count;
    if (!canMove(state, 'sent')) done += count;
  }
  return total === 0 ? 100 : Math.floor((100 * done) / total);
}
