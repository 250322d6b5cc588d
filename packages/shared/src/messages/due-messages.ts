import type { Db } from '../runtime/database.ts';
import { pushWakeUp } from '../runtime/push-wake-up.ts';
import type { MessageCategory } from './categories.ts';

export type DueMessage = {
  id: string;
  tenantId: string;
  category: MessageCategory;
  batchId: string | null;
  acceptedAt: Date;
  /** The provider has it, or may have it: only the provider knows more. Otherwise it is ours to send. */
  isHandedOver: boolean;
};

export type DueRange = {
  limit: number;
  /** Lanes in which many jobs wait: what most likely has one there is left. */
  longLanes: Readonly<Record<'singles' | 'campaigns' | 'urgentCampaigns', boolean>>;
};

/**
 * Takes messages whose `wake_at` has come and pushes it forward; returns them as they were accepted. In a
 * long lane it leaves what was enqueued when it was accepted or woken before. What nobody enqueued yet
 * (it had a time, or was held until now), a try that comes again, and one-time codes are always taken.
 */
export function takeDueMessages(db: Db, now: Date, { limit, longLanes }: DueRange): Promise<DueMessage[]> {
  const { singles, campaigns, urgentCampaigns } = longLanes;
  return db.$queryRaw<DueMessage[]>`
    WITH due AS (
      SELECT m.id, m.state = 'sent' OR EXISTS (
               SELECT 1 FROM message_attempts a WHERE a.message_id = m.id
               AND (a.closed_at IS NULL OR a.outcome = 'accepted')) AS handed_over
      FROM messages m
      WHERE m.wake_at <= ${now} AND (
        m.attempt_count > 0
        OR m.wake_count = 0 AND (m.send_at IS NOT NULL OR m.hold_reason IS NOT NULL)
        OR NOT CASE WHEN m.category = 'priority' THEN m.batch_id IS NOT NULL AND ${urgentCampaigns}
                    WHEN m.batch_id IS NULL THEN ${singles} ELSE ${campaigns} END)
      ORDER BY m.wake_at LIMIT ${limit}
      FOR UPDATE OF m SKIP LOCKED
    ), woken AS (
      UPDATE messages m SET ${pushWakeUp(now)}
      FROM due WHERE m.id = due.id
      RETURNING m.id, m.tenant_id AS "tenantId", m.category, m.batch_id AS "batchId", m.accepted_at AS "acceptedAt", due.handed_over AS "isHandedOver")
    SELECT * FROM woken ORDER BY "acceptedAt", id`;
}
