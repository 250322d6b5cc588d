import type { Db } from '../runtime/database.ts';
import type { ClaimedNotification } from './claim-notification.ts';

type Claim = Pick<ClaimedNotification, 'id' | 'attempts'>;

/** Marks a mail that the server took: true also for an attempt whose lease ran out meanwhile. */
export async function markSent(db: Db, { id }: Claim, at: Date): Promise<void> {
  await db.notification.updateMany({ where: { id, sentAt: null }, data: { sentAt: at, wakeAt: null } });
}

/** Leaves the mail for another attempt. False when another one has begun since: that one decides. */
export function postpone(db: Db, claim: Claim, wakeAt: Date, lastError: string): Promise<boolean> {
  return moveUnsent(db, claim, { wakeAt, lastError });
}

/** Ends the mail unsent. False when another attempt has begun since: that one decides. */
export function giveUp(db: Db, claim: Claim, lastError: string): Promise<boolean> {
  return moveUnsent(db, claim, { wakeAt: null, lastError });
}

async function moveUnsent(
  db: Db,
  { id, attempts }: Claim,
  data: { wakeAt: Date | null; lastError: string },
): Promise<boolean> {
  const { count } = await db.notification.updateMany({ where: { id, attempts, sentAt: null }, data });
  return count > 0;
}
