import type { Db } from '../runtime/database.ts';
import { pushWakeUp } from '../runtime/push-wake-up.ts';

/** Takes mails whose `wake_at` has come and pushes it forward; returns their ids, oldest first. */
export async function takeDueNotifications(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE notifications
    SET ${pushWakeUp(now)}
    WHERE id IN (
      SELECT id FROM notifications WHERE wake_at <= ${now} ORDER BY wake_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  return rows.map(({ id }) => id).toSorted();
}
