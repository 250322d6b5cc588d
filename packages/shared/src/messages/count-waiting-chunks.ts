import { CHUNK_SIZE } from '../queues/catalog.ts';
import type { Db } from '../runtime/database.ts';

/** Beyond so many messages a tenant waits behind everybody anyway; the count stays cheap. */
const MESSAGES_COUNTED_MAX = 100_000;

/** How many full chunks of the tenant's campaigns wait for their first hand-over; urgent ones have a lane of their own. */
export async function countWaitingChunks(db: Db, tenantId: string, now: Date): Promise<number> {
  const rows = await db.$queryRaw<{ waiting: number }[]>`
    SELECT count(*)::int AS waiting
    FROM (SELECT 1 FROM messages
          WHERE tenant_id = ${tenantId}::uuid AND state = 'accepted' AND batch_id IS NOT NULL AND category <> 'priority'
            AND not_before <= ${now} AND hold_reason IS NULL
          LIMIT ${MESSAGES_COUNTED_MAX}) counted`;
  return Math.floor((rows[0]?.waiting ?? 0) / CHUNK_SIZE);
}
