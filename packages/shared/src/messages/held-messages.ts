import type { Db } from '../runtime/database.ts';
import type { HoldReason } from './message.ts';

/** A statement of this size is over in well under a second; the next call takes the rest. */
const ROWS_PER_CALL = 10_000;

export type HeldMessages = {
  reason: HoldReason;
  tenantId?: string;
  /** Leaves those that wake up by themselves before then. */
  sleepingPast?: Date;
};

/**
 * Wakes messages that were held for a reason that is gone. Returns how many; a full call's worth means
 * that there may be more.
 */
export function wakeHeldMessages(db: Db, held: HeldMessages, now: Date): Promise<number> {
  const { reason, tenantId = null, sleepingPast = now } = held;
  return db.$executeRaw`
    UPDATE messages SET wake_at = ${now}, wake_count = 0
    WHERE id IN (
      SELECT id FROM messages
      WHERE hold_reason = ${reason} AND (${tenantId}::uuid IS NULL OR tenant_id = ${tenantId}::uuid) AND wake_at > ${sleepingPast}
      LIMIT ${ROWS_PER_CALL}
      FOR UPDATE SKIP LOCKED)`;
}

/** How many messages wait for the reason to go. */
export function countHeldMessages(db: Db, reason: HoldReason): Promise<number> {
  return db.message.count({ where: { holdReason: reason } });
}
