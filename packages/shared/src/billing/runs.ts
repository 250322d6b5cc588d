import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';

export type RunCounts = { lookedAt: number; billed: number; skipped: number; failed: number };

/** Notes that a look at what is due has begun; returns its id. */
export async function beginRun(db: Db, trigger: string, startedAt: Date): Promise<string> {
  const id = newId();
  await db.billingRun.create({ data: { id, trigger, startedAt } });
  return id;
}

/** Notes what it came to. */
export async function finishRun(db: Db, id: string, counts: RunCounts, finishedAt: Date): Promise<void> {
  await db.billingRun.update({ where: { id }, data: { ...counts, finishedAt } });
}
