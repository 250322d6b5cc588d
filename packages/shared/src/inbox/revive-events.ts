import type { Db } from '../runtime/database.ts';

/** Lets the sweep wake stored events again that are neither applied nor woken by anything. */
export async function reviveEvents(db: Db, ids: readonly string[], wakeAt: Date): Promise<void> {
  await db.inboxEvent.updateMany({
    where: { id: { in: [...ids] }, appliedAt: null, wakeAt: null },
    data: { wakeAt, wakeCount: 0 },
  });
}
