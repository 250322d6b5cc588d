import type { Db } from '../runtime/database.ts';

/**
 * Gives a mail that was given up its attempts back; the sweep wakes it at `wakeAt` at the latest. A
 * mail that was sent, or that something still wakes, stays as it is: somebody may be sending it.
 */
export async function reviveNotification(db: Db, id: string, wakeAt: Date): Promise<void> {
  await db.notification.updateMany({
    where: { id, sentAt: null, wakeAt: null },
    data: { attempts: 0, wakeAt, wakeCount: 0 },
  });
}
