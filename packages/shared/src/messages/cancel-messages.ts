import { settleCredit } from '../credit/settle-credit.ts';
import type { Db } from '../runtime/database.ts';
import { mayHaveBeenTaken } from './attempts.ts';
import { lockMessages } from './claim-messages.ts';
import { decideCancel } from './decide-cancel.ts';
import { moveMessages } from './move-messages.ts';
import type { MessageState } from './states.ts';

export type CancelResult = {
  messageId: string;
  outcome: 'canceled' | 'canceled_before' | 'too_late';
  /** As it is now. */
  state: MessageState;
};

/**
 * Cancels those of the messages that were not handed over, and releases what was reserved for them, in
 * the caller's transaction. Who is sending them at this moment is waited for: the rows' locks decide.
 * Ids that are no message are left out.
 */
export async function cancelMessages(db: Db, ids: readonly string[], at: Date): Promise<CancelResult[]> {
  const messages = await lockMessages(db, ids);
  const handedOver = await findHandedOver(db, ids);
  const decided = messages.map((message) => ({
    message,
    outcome: decideCancel(message, handedOver.has(message.id)),
  }));
  const canceled = decided.flatMap(({ message, outcome }) => (outcome === 'canceled' ? [message] : []));
  const reserved = canceled.filter(({ reservation }) => reservation === 'open');
  const release = reserved.map(({ id: messageId, tenantId, currency, priceMicros }) => ({
    messageId,
    tenantId,
    currency,
    priceMicros,
  }));
  await settleCredit(db, { capture: [], release, refund: [] }, at);
  await moveMessages(
    db,
    canceled.map(({ id }) => ({ messageId: id, state: 'canceled', finishedAt: at, wakeAt: null })),
  );
  return decided.map(({ message, outcome }) => ({
    messageId: message.id,
    outcome,
    state: outcome === 'canceled' ? 'canceled' : message.state,
  }));
}

/** Messages that the provider has, may have, or was never heard about. Read after the lock, which waited. */
async function findHandedOver(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT m.id FROM messages m WHERE m.id = ANY (${ids}::uuid[]) AND ${mayHaveBeenTaken}`;
  return new Set(rows.map(({ id }) => id));
}
