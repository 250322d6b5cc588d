import type { Db } from '../runtime/database.ts';
import { jsonRows } from '../runtime/json-rows.ts';

/** An accepted attempt that the recipient may reply to. */
export type ReplyThread = { provider: string; recipient: string; attemptId: string; tenantId: string };

/** Remembers who wrote last to each recipient; in key order, so that two writers never cross. */
export async function keepReplyThreads(db: Db, threads: readonly ReplyThread[], at: Date): Promise<void> {
  // One statement must not touch a row twice: of several to one recipient the last counts.
  const last = new Map(threads.map((thread) => [`${thread.provider} ${thread.recipient}`, thread]));
  if (last.size === 0) return;
  await db.$executeRaw`
    INSERT INTO reply_threads (provider, recipient, attempt_id, tenant_id, written_at)
    SELECT provider, recipient, "attemptId", "tenantId", ${at}
    FROM jsonb_to_recordset(${jsonRows([...last.values()])}::jsonb) AS t(
      provider text, recipient text, "attemptId" uuid, "tenantId" uuid)
    ORDER BY provider, recipient
    ON CONFLICT (provider, recipient) DO UPDATE
    SET attempt_id = EXCLUDED.attempt_id, tenant_id = EXCLUDED.tenant_id, written_at = EXCLUDED.written_at
    WHERE reply_threads.written_at <= EXCLUDED.written_at`;
}

/** The attempt that each of the recipients would reply to; those who were never written to are left out. */
export async function findReplyThreads(
  db: Db,
  provider: string,
  recipients: readonly string[],
): Promise<Map<string, string>> {
  const rows = await db.replyThread.findMany({
    where: { provider, recipient: { in: [...recipients] } },
    select: { recipient: true, attemptId: true },
  });
  return new Map(rows.map(({ recipient, attemptId }) => [recipient, attemptId]));
}
