import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';
import { type DeadLetterRef, OUTCOME_UNKNOWN, SYSTEM_ACTOR } from './dead-letter.ts';
import { resolveLetters } from './resolve.ts';

/** Letters that one call takes. */
const LETTERS_MAX = 1_000;

/**
 * Marks open letters about messages whose validity is over, oldest first, and returns them for the
 * mirror; fewer than a thousand were all. To be called in a transaction. Those whose outcome is not
 * known stay: somebody has to look at them, whatever the time.
 */
export async function expireDeadLetters(db: Db, now: Date): Promise<DeadLetterRef[]> {
  const over = await db.$queryRaw<DeadLetterRef[]>`
    SELECT d.id, d.queue
    FROM dead_letters d
    JOIN messages m ON m.id = d.message_id
    WHERE d.state = 'open' AND d.failure_class <> ${OUTCOME_UNKNOWN} AND m.expires_at <= ${now}
    ORDER BY d.id LIMIT ${LETTERS_MAX}
    FOR UPDATE OF d SKIP LOCKED`;
  const operation = { id: newId(), action: 'expired' as const, actor: SYSTEM_ACTOR };
  await resolveLetters(
    db,
    operation,
    over.map(({ id }) => id),
    now,
  );
  return over;
}
