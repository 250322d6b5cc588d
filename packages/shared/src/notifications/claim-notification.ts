import type { Db } from '../runtime/database.ts';

/** A mail that is ours to send until its lease ends. */
export type ClaimedNotification = {
  id: string;
  tenantId: string;
  kind: string;
  recipient: string;
  content: unknown;
  createdAt: Date;
  /** This attempt included. The number also tells whether the row is still ours: see settle-notification. */
  attempts: number;
};

/**
 * Takes a mail for one attempt, until `leaseEndsAt`; null when it was sent or given up, waits for its
 * next attempt, or somebody is at it. A row that was tried before is free once its `wake_at` has come,
 * or once the sweep, which pushes `wake_at` forward, has counted a wake-up since the last claim.
 */
export async function claimNotification(
  db: Db,
  id: string,
  now: Date,
  leaseEndsAt: Date,
): Promise<ClaimedNotification | null> {
  const [row] = await db.$queryRaw<ClaimedNotification[]>`
    UPDATE notifications
    SET attempts = attempts + 1, wake_at = ${leaseEndsAt}, wake_count = 0
    WHERE id = ${id}::uuid AND sent_at IS NULL AND wake_at IS NOT NULL
      AND (attempts = 0 OR wake_count > 0 OR wake_at <= ${now})
    RETURNING id, tenant_id AS "tenantId", kind, recipient, content, created_at AS "createdAt", attempts`;
  return row ?? null;
}
