import type { Db } from '../runtime/database.ts';

/**
 * Takes mails whose `wake_at` has come and pushes it forward, as the sweep of messages does: a minute
 * at first, twice as long each time a wake-up led to no claim.
 */
export async function takeDueNotifications(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE notifications
    SET wake_at = ${now}::timestamptz + interval '60 seconds' * power(2, least(wake_count, 6)), wake_count = wake_count + 1
    WHERE id IN (
      SELECT id FROM notifications WHERE wake_at <= ${now} ORDER BY wake_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  return rows.map(({ id }) => id);
}
