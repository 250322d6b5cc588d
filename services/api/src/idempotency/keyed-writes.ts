import type { Db } from '@tollgate/shared/runtime/database.ts';
import type { KeyedWrite, RunningWrite } from '@tollgate/shared/runtime/keyed-write.ts';

/** What a write was answered with. What is shown once, such as an API key, is not kept. */
export type Answer = { status: number; body?: unknown; location?: string; isShownOnce?: true };

export type StoredWrite = { requestHash: string; answer: Answer | null; createdAt: Date };

/** What was asked for under the key before, and what was answered; null for a new key. */
export async function findWrite(db: Db, { scope, key }: KeyedWrite): Promise<StoredWrite | null> {
  const row = await db.keyedWrite.findUnique({ where: { scope_key: { scope, key } } });
  if (!row) return null;
  return {
    requestHash: Buffer.from(row.requestHash).toString('hex'),
    answer: row.answer as Answer | null,
    createdAt: row.createdAt,
  };
}

/** Keeps the answer with the key; stores the key too where the write had no transaction to do it. */
export async function keepAnswer(db: Db, write: RunningWrite, answer: Answer): Promise<void> {
  const { scope, key, requestHash, at } = write;
  const { body: _, ...head } = answer;
  const kept = head.isShownOnce ? head : answer;
  await db.$executeRaw`
    INSERT INTO keyed_writes AS w (scope, key, request_hash, answer, created_at)
    VALUES (${scope}, ${key}, decode(${requestHash}, 'hex'), ${JSON.stringify(kept)}::jsonb, ${at})
    ON CONFLICT (scope, key) DO UPDATE SET answer = EXCLUDED.answer
      WHERE w.request_hash = EXCLUDED.request_hash AND w.answer IS NULL`;
}

/** Gives the key back: nothing was done under it that could not be asked for again. */
export async function forgetKey(db: Db, { scope, key }: KeyedWrite): Promise<void> {
  await db.keyedWrite.deleteMany({ where: { scope, key } });
}
