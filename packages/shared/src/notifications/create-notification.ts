import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { SECOND_MS } from '../time/durations.ts';
import type { UsageSummary } from './usage-summary.ts';

/** A mail to be sent once; `kind` and `subjectId` make it unique. */
export type NewNotification = {
  tenantId: string;
  kind: 'usage_summary';
  subjectId: string;
  recipient: string;
  content: UsageSummary;
};

/** The sweeper sends what its job did not within this time. */
const FIRST_WAKE_UP_MS = 30 * SECOND_MS;

/** Stores a mail with the fact that it tells about; returns its id. Once per kind and subject. */
export async function createNotification(db: Db, notification: NewNotification, at: Date): Promise<string> {
  const id = newId();
  const wakeAt = new Date(at.getTime() + FIRST_WAKE_UP_MS);
  await db.notification.create({ data: { id, ...notification, createdAt: at, wakeAt } });
  return id;
}
