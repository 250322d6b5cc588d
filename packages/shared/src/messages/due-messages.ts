import type { Db } from '../runtime/database.ts';
import type { MessageCategory } from './categories.ts';
import type { MessageState } from './states.ts';

export type DueMessage = {
  id: string;
  state: MessageState;
  category: MessageCategory;
  hasOpenAttempt: boolean;
};

/**
 * Takes messages whose `wake_at` has come and pushes it forward, by a minute at first and twice as
 * long each time up to about an hour, so that a row whose job is waiting is not woken again and again.
 */
export function takeDueMessages(db: Db, now: Date, limit: number): Promise<DueMessage[]> {
  return db.$queryRaw<DueMessage[]>`
    UPDATE messages m
    SET wake_at = ${now}::timestamptz + interval '60 seconds' * power(2, least(m.wake_count, 6)), wake_count = m.wake_count + 1
    WHERE m.id IN (
      SELECT id FROM messages WHERE wake_at <= ${now} ORDER BY wake_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING m.id, m.state, m.category,
      EXISTS (SELECT 1 FROM message_attempts a WHERE a.message_id = m.id AND a.closed_at IS NULL) AS "hasOpenAttempt"`;
}
