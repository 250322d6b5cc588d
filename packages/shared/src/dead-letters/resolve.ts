import type { Db } from '../runtime/database.ts';
import { type Operation, recordActions } from './record-actions.ts';

/** Takes open letters out of what waits for a decision, with the audit. The caller holds their locks. */
export async function resolveLetters(
  db: Db,
  operation: Operation & { action: 'replayed' | 'discarded' | 'expired' },
  ids: readonly string[],
  at: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await db.$executeRaw`
    UPDATE dead_letters SET state = ${operation.action}, resolved_at = ${at}, resolved_by = ${operation.actor}
    WHERE id = ANY (${ids}::uuid[])`;
  await recordActions(db, operation, ids, at);
}
