import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';

/** One open alert per kind and subject. */
export type AlertKey = { kind: string; subject: string };

export type NewOperatorAlert = AlertKey & {
  /** Whose it is, where it is one tenant's. */
  tenantId?: string | null;
  /** For people: what is wrong. */
  detail: string;
};

/**
 * Shows operators something to look at, in the caller's transaction. Returns whether it is new; one
 * that is open already is marked as seen again and says what is wrong now.
 */
export async function raiseOperatorAlert(
  db: Db,
  { kind, subject, tenantId = null, detail }: NewOperatorAlert,
  at: Date,
): Promise<boolean> {
  const id = newId();
  const rows = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO operator_alerts AS a (id, kind, subject, tenant_id, detail, opened_at, seen_at)
    VALUES (${id}::uuid, ${kind}, ${subject}, ${tenantId}::uuid, ${detail}, ${at}, ${at})
    ON CONFLICT (kind, subject) WHERE closed_at IS NULL
    DO UPDATE SET seen_at = greatest(a.seen_at, EXCLUDED.seen_at), detail = EXCLUDED.detail
    RETURNING id`;
  return rows[0]?.id === id;
}

/** Closes what is over; returns whether it was open. `by` is an operator's e-mail, or "tollgate". */
export async function closeOperatorAlert(
  db: Db,
  { kind, subject }: AlertKey,
  at: Date,
  by: string,
): Promise<boolean> {
  const { count } = await db.operatorAlert.updateMany({
    where: { kind, subject, closedAt: null },
    data: { closedAt: at, closedBy: by },
  });
  return count > 0;
}
