import type { Prisma, TopUp } from '../generated/prisma/client.ts';
import type { Db } from '../runtime/database.ts';
import { pushWakeUp } from '../runtime/push-wake-up.ts';
import { MINUTE_MS } from '../time/durations.ts';

export type TopUpState = 'created' | 'pending' | 'paid' | 'failed' | 'expired' | 'needs_human';

/** A row of `top_ups` with its states spelled out. */
export type TopUpRow = Omit<TopUp, 'state' | 'kind'> & { state: TopUpState; kind: 'checkout' | 'automatic' };

export type NewTopUp = {
  id: string;
  tenantId: string;
  currency: string;
  kind: TopUpRow['kind'];
  netMinor: bigint;
  /** What was asked for; completed and frozen with the first call. */
  params: Prisma.InputJsonObject;
  createdBy: string;
};

/** The sweeper does what nobody did within this time. */
const FIRST_WAKE_UP_MS = MINUTE_MS;

/** Stores a top-up before anything is asked of Stripe. */
export async function insertTopUp(db: Db, topUp: NewTopUp, at: Date): Promise<void> {
  const wakeAt = new Date(at.getTime() + FIRST_WAKE_UP_MS);
  const idempotencyKey = topUpKey(topUp.id, 1);
  await db.topUp.create({ data: { ...topUp, state: 'created', idempotencyKey, createdAt: at, wakeAt } });
}

/** Key of the n-th attempt; the same attempt always carries the same key. */
export function topUpKey(topUpId: string, attempt: number): string {
  return `tollgate:topup:${topUpId}:a${attempt}`;
}

/** Reads a top-up and locks it until the transaction ends; null where there is none. */
export async function lockTopUp(db: Db, id: string): Promise<TopUpRow | null> {
  await db.$queryRaw`SELECT id FROM top_ups WHERE id = ${id}::uuid FOR UPDATE`;
  return readTopUp(db, id);
}

/** Reads a top-up; null where there is none. */
export async function readTopUp(db: Db, id: string): Promise<TopUpRow | null> {
  return (await db.topUp.findUnique({ where: { id } })) as TopUpRow | null;
}

/** Takes the top-ups whose `wake_at` has come and pushes it forward; returns their ids, oldest first. */
export async function takeDueTopUps(db: Db, now: Date, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    UPDATE top_ups SET ${pushWakeUp(now)}
    WHERE id IN (
      SELECT id FROM top_ups WHERE wake_at <= ${now} ORDER BY wake_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  return rows.map(({ id }) => id).toSorted();
}
