import type { Db } from '../runtime/database.ts';
import { pushWakeUp } from '../runtime/push-wake-up.ts';
import type { MessageCategory } from './categories.ts';

export type DueMessage = {
  id: string;
  tenantId: string;
  category: MessageCategory;
  acceptedAt: Date;
  /** The provider has it, or may have it: only the provider knows more. Otherwise it is ours to send. */
  isHandedOver: boolean;
};

export type DueRange = {
  limit: number;
  /** Leaves bulk messages that are still to be sent, while their queue is long. */
  withoutBulk: boolean;
};

/** Takes messages whose `wake_at` has come and pushes it forward; returns them as they were accepted. */
export function takeDueMessages(db: Db, now: Date, { limit, withoutBulk }: DueRange): Promise<DueMessage[]> {
  return db.$queryRaw<DueMessage[]>`
    WITH due AS (
      SELECT m.id, m.state = 'sent' OR EXISTS (
               SELECT 1 FROM message_attempts a WHERE a.message_id = m.id
               AND (a.closed_at IS NULL OR a.outcome = 'accepted')) AS handed_over
      FROM messages m
      WHERE m.wake_at <= ${now} AND (NOT ${withoutBulk} OR m.category = 'priority' OR m.attempt_count > 0)
      ORDER BY m.wake_at LIMIT ${limit}
      FOR UPDATE OF m SKIP LOCKED
    ), woken AS (
      UPDATE messages m SET ${pushWakeUp(now)}
      FROM due WHERE m.id = due.id
      RETURNING m.id, m.tenant_id AS "tenantId", m.category, m.accepted_at AS "acceptedAt", due.handed_over AS "isHandedOver")
    SELECT * FROM woken ORDER BY "acceptedAt", id`;
}
