import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { SECOND_MS } from '../time/durations.ts';
import type { MailContent } from './notices.ts';

/** A mail to be sent once; `kind` and `subjectId` make it unique. */
export type NewNotification = MailContent & { tenantId: string; subjectId: string; recipient: string };

/** The sweeper sends what its job did not within this time. */
const FIRST_WAKE_UP_MS = 30 * SECOND_MS;

/**
 * Stores a mail with the fact that it tells about; returns its id, or null where the kind and subject
 * have theirs already.
 */
export async function storeNotification(
  db: Db,
  notification: NewNotification,
  at: Date,
): Promise<string | null> {
  const id = newId();
  const wakeAt = new Date(at.getTime() + FIRST_WAKE_UP_MS);
  const { count } = await db.notification.createMany({
    data: [{ id, ...notification, createdAt: at, wakeAt }],
    skipDuplicates: true,
  });
  return count === 0 ? null : id;
}

/** Stores a mail that nobody has stored before; returns its id. */
export async function createNotification(db: Db, notification: NewNotification, at: Date): Promise<string> {
  const id = await storeNotification(db, notification, at);
  if (id === null) throw new Error(`${notification.kind} of ${notification.subjectId} was stored before`);
  return id;
}
