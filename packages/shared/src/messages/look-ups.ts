import type { Db } from '../runtime/database.ts';
import type { MessageCategory } from './categories.ts';

/** The attempt of a message whose fate the provider is to be asked about. */
export type LookUpTarget = {
  messageId: string;
  attemptId: string;
  category: MessageCategory;
  openedAt: Date;
  providerMessageId: string | null;
};

/** Latest attempts of messages that were handed over, or may have been; others are left out. */
export function findLookUps(db: Db, messageIds: readonly string[]): Promise<LookUpTarget[]> {
  return db.$queryRaw<LookUpTarget[]>`
    SELECT m.id AS "messageId", a.id AS "attemptId", m.category, a.opened_at AS "openedAt",
           a.provider_message_id AS "providerMessageId"
    FROM messages m
    JOIN message_attempts a ON a.message_id = m.id AND a.number = m.attempt_count
    WHERE m.id = ANY (${messageIds}::uuid[])
      AND (m.state IN ('submitted', 'sent') OR (m.state IN ('sending', 'unknown') AND a.closed_at IS NULL))
    ORDER BY m.id`;
}
