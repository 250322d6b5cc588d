import type { Db } from '../runtime/database.ts';
import { UNRESOLVED } from './attempts.ts';
import type { MessageCategory } from './categories.ts';

/** The attempt of a message whose fate the provider is to be asked about. */
export type LookUpTarget = {
  messageId: string;
  attemptId: string;
  provider: string;
  category: MessageCategory;
  openedAt: Date;
  providerMessageId: string | null;
  /** E.164 */
  recipient: string;
  sender: string | null;
  tenantId: string;
  bodyEncrypted: Uint8Array;
  dataKeyWrapped: Uint8Array;
  /** Whether an earlier attempt was already given up as unresolved. */
  isRepeated: boolean;
};

/**
 * Of messages that were handed over, or may have been, and that somebody still has to ask about: the
 * attempt that is open, else the latest that the provider accepted. Ended ones are among them as long as
 * they wait for something, such as their price. Others are left out.
 */
export function findLookUps(db: Db, messageIds: readonly string[]): Promise<LookUpTarget[]> {
  return db.$queryRaw<LookUpTarget[]>`
    SELECT DISTINCT ON (m.id) m.id AS "messageId", a.id AS "attemptId", a.provider, m.category, a.opened_at AS "openedAt",
           a.provider_message_id AS "providerMessageId", m.recipient, m.sender, m.tenant_id AS "tenantId",
           m.body_encrypted AS "bodyEncrypted", t.data_key_wrapped AS "dataKeyWrapped",
           EXISTS (SELECT 1 FROM message_attempts u
                   WHERE u.message_id = m.id AND u.failure_code = ${UNRESOLVED}) AS "isRepeated"
    FROM messages m
    JOIN tenants t ON t.id = m.tenant_id
    JOIN message_attempts a ON a.message_id = m.id AND (a.closed_at IS NULL OR a.outcome = 'accepted' OR m.state = 'sent')
    WHERE m.id = ANY (${messageIds}::uuid[])
      AND (m.state IN ('sending', 'unknown', 'submitted', 'sent') OR (m.state <> 'accepted' AND m.wake_at IS NOT NULL))
    ORDER BY m.id, a.closed_at IS NULL DESC, a.outcome = 'accepted' DESC, a.number DESC`;
}
