import { wakeHeldMessages } from '../messages/held-messages.ts';
import type { HoldReason } from '../messages/message.ts';
import type { Db } from '../runtime/database.ts';

/** What the tenant's settings may hold a message for. */
const restraints: readonly HoldReason[] = ['window', 'guard'];
const everyReason: readonly HoldReason[] = [...restraints, 'credit', 'provider', 'suspended', 'unpaid'];

/** Each statement takes some thousands; what is beyond wakes by itself, when its window is over. */
const STATEMENTS_MAX = 10;
const PLACES_PER_STATEMENT = 10_000;

/**
 * Wakes what waits because of the tenant's settings, which have changed: it is judged anew. With
 * `everything` also what waits for credit or a provider, so that it ends where sending was switched
 * off. The caller holds the account's lock, so none is held by the old settings meanwhile.
 */
export async function wakeRestrained(
  db: Db,
  { tenantId, everything }: { tenantId: string; everything: boolean },
  now: Date,
): Promise<void> {
  await wakeAllHeld(db, { tenantId, reasons: everything ? everyReason : restraints }, now);
  await untilNone(() => forgetPlaces(db, tenantId, now));
  await db.sendPace.deleteMany({ where: { tenantId } });
}

/** Wakes what a tenant's messages are held for, where that is gone. */
export async function wakeAllHeld(
  db: Db,
  { tenantId, reasons }: { tenantId: string; reasons: readonly HoldReason[] },
  now: Date,
): Promise<void> {
  for (const reason of reasons) await untilNone(() => wakeHeldMessages(db, { reason, tenantId }, now));
}

/**
 * Makes everything of a tenant that is not handed over due now, also what is scheduled: the sender finds
 * that it may not be sent and ends it. The caller holds the account's lock.
 */
export function endWaiting(db: Db, tenantId: string, now: Date): Promise<void> {
  return untilNone(
    () => db.$executeRaw`
      UPDATE messages SET not_before = ${now}, wake_at = ${now}, wake_count = 0
      WHERE id IN (
        SELECT id FROM messages m
        WHERE tenant_id = ${tenantId}::uuid AND state IN ('accepted', 'sending') AND (wake_at > ${now} OR not_before > ${now})
          AND NOT EXISTS (SELECT 1 FROM message_attempts a
                          WHERE a.message_id = m.id AND (a.closed_at IS NULL OR a.outcome = 'accepted'))
        LIMIT ${PLACES_PER_STATEMENT} FOR UPDATE SKIP LOCKED)`,
  );
}

async function untilNone(statement: () => Promise<number>): Promise<void> {
  for (let count = 0; count < STATEMENTS_MAX; count += 1) {
    if ((await statement()) === 0) return;
  }
}

/** Takes the places in time that the rate had given away: the messages get new ones when they are claimed. */
function forgetPlaces(db: Db, tenantId: string, now: Date): Promise<number> {
  return db.$executeRaw`
    UPDATE messages SET hold_reason = NULL, not_before = ${now}, wake_at = ${now}, wake_count = 0
    WHERE id IN (SELECT id FROM messages WHERE hold_reason = 'rate' AND tenant_id = ${tenantId}::uuid
                 LIMIT ${PLACES_PER_STATEMENT} FOR UPDATE SKIP LOCKED)`;
}
