import type { Prisma } from '../generated/prisma/client.ts';
import { wakeAllHeld } from '../guards/wake-restrained.ts';
import { newId } from '../ids/ids.ts';
import type { Db } from '../runtime/database.ts';

export type CrossingKind = 'low_balance' | 'unpaid' | 'past_due' | 'threshold' | 'top_up_failed';

export type NewCrossing = {
  tenantId: string;
  kind: CrossingKind;
  /** Which line of the kind: a percentage, an amount in micros, or empty. */
  line: string;
  detail: Prisma.InputJsonObject;
};

/** Records that a line was crossed; returns the crossing's id, or null where it stands crossed already. */
export async function openCrossing(
  db: Db,
  { tenantId, kind, line, detail }: NewCrossing,
  at: Date,
): Promise<string | null> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    INSERT INTO alert_crossings (id, tenant_id, kind, line, detail, crossed_at)
    VALUES (${newId()}::uuid, ${tenantId}::uuid, ${kind}, ${line}, ${JSON.stringify(detail)}::jsonb, ${at})
    ON CONFLICT (tenant_id, kind, line) WHERE left_at IS NULL DO NOTHING
    RETURNING id`;
  return rows[0]?.id ?? null;
}

/** Crossings for which messages wait, as `unpaid`. */
const restraining: readonly CrossingKind[] = ['unpaid', 'past_due'];

/**
 * Records that a line was left, or every line of the kind, and wakes messages that waited for it. Returns
 * how many stood crossed. The next crossing is a new one.
 */
export async function leaveCrossing(
  db: Db,
  { tenantId, kind, line }: { tenantId: string; kind: CrossingKind; line?: string },
  at: Date,
): Promise<number> {
  const { count } = await db.alertCrossing.updateMany({
    where: { tenantId, kind, leftAt: null, ...(line !== undefined && { line }) },
    data: { leftAt: at },
  });
  if (count > 0 && restraining.includes(kind)) await wakeAllHeld(db, { tenantId, reasons: ['unpaid'] }, at);
  return count;
}
