import type { Db } from '../runtime/database.ts';

/** Those of the messages that have their place in time already, not older than `since`. */
export async function readPlaced(db: Db, messageIds: readonly string[], since: Date): Promise<Set<string>> {
  const rows = await db.message.findMany({
    where: { id: { in: [...messageIds] }, holdReason: 'rate', notBefore: { gte: since } },
    select: { id: true },
  });
  return new Set(rows.map(({ id }) => id));
}

/** Keeps when the tenant's next message may go; the caller holds its account's lock. */
export async function moveSlot(db: Db, tenantId: string, nextSlotAt: Date): Promise<void> {
  await db.sendPace.upsert({
    where: { tenantId },
    create: { tenantId, nextSlotAt },
    update: { nextSlotAt },
  });
}
