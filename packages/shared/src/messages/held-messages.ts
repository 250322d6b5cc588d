import { Prisma } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import type { HoldReason, MessageMode } from './message.ts';

/** A statement of this size is over in well under a second; the next call takes the rest. */
const ROWS_PER_CALL = 10_000;

/** Messages by where they go: those of the modes but for the excluded, and the included; each as `CZ live`. */
export type HeldRoutes = {
  modes: readonly MessageMode[];
  included: readonly string[];
  excluded: readonly string[];
};

export type HeldMessages = {
  reason: HoldReason;
  tenantId?: string;
  /** Leaves those that wake up by themselves before then. */
  sleepingPast?: Date;
  /** Leaves those that go elsewhere. */
  routes?: HeldRoutes;
};

/**
 * Wakes messages that were held for a reason that is gone. Returns how many; a full call's worth means
 * that there may be more.
 */
export function wakeHeldMessages(db: Db, held: HeldMessages, now: Date): Promise<number> {
  const { reason, tenantId = null, sleepingPast = now, routes } = held;
  const inRoutes = routes
    ? Prisma.sql`(mode = ANY (${routes.modes}::text[]) AND country || ' ' || mode <> ALL (${routes.excluded}::text[])
        OR country || ' ' || mode = ANY (${routes.included}::text[]))`
    : Prisma.sql`true`;
  return db.$executeRaw`
    UPDATE messages SET wake_at = ${now}, wake_count = 0
    WHERE id IN (
      SELECT id FROM messages
      WHERE hold_reason = ${reason} AND (${tenantId}::uuid IS NULL OR tenant_id = ${tenantId}::uuid) AND wake_at > ${sleepingPast}
        AND ${inRoutes}
      ORDER BY wake_at
      LIMIT ${ROWS_PER_CALL}
      FOR UPDATE SKIP LOCKED)`;
}

/** How many messages wait for the reason to go. */
export function countHeldMessages(db: Db, reason: HoldReason): Promise<number> {
  return db.message.count({ where: { holdReason: reason } });
}
